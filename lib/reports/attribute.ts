import type { DecodedReport } from "./place.ts";

/** A registered domain of the team whose inbox the report came to. */
export interface Candidate {
  id: string;
  name: string;
}

/** To which domain a report belongs, or why to none of the team's. */
export type Attribution = { ok: true; domain: Candidate } | { ok: false; reason: string };

/**
 * Finds the domain of a report (standards.md P27): the one that a policy names, the inbox's own domain first; where no policy
 * names a domain of the team, what the mail or the file says. A TLSA policy may name an MX host instead (RFC 7672 §2.2.2,
 * quirk 9): it goes with the others, and alone it belongs to the domain that the mail names, or to the host's own domain.
 */
export function attribute(decoded: DecodedReport, inbox: Candidate, team: readonly Candidate[]): Attribution {
  const named = decoded.report.policies.flatMap((policy) => (policy.domain === null ? [] : [policy.domain]));
  const hinted = decoded.hints.domains.map((hint) => hint.domain);
  // A report that names nobody at all came to this inbox, and that is what it says.
  if (named.length === 0 && hinted.length === 0) return { ok: true, domain: inbox };
  const candidates = [inbox, ...team];
  for (const names of [named, hinted]) {
    const found = candidates.find((candidate) => names.includes(candidate.name));
    if (found !== undefined) return { ok: true, domain: found };
  }
  const hosts = decoded.report.policies.flatMap((policy) => (policy.type === "tlsa" ? [policy.domain ?? ""] : []));
  const ofHost = candidates.find((candidate) => hosts.some((host) => host.endsWith(`.${candidate.name}`)));
  if (ofHost !== undefined && hosts.length === named.length) return { ok: true, domain: ofHost };
  const about = [...new Set([...named, ...hinted])].slice(0, 3).join(", ");
  return { ok: false, reason: `The report is about ${about}, which is none of your team's domains.` };
}
