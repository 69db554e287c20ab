import type { DecodedReport } from "./place.ts";

/** A registered domain that a report may belong to. */
export interface Candidate {
  id: string;
  name: string;
}

/** To which domain a report belongs, or why to none. */
export type Attribution =
  | { ok: true; domain: Candidate }
  | { ok: false; code: "other-domain" | "several-teams"; reason: string };

/**
 * Finds the domain of a report (standards.md P27): the one that a policy names, the inbox's own domain first; where no policy
 * names a registered one, what the mail or the file says. A TLSA policy may name an MX host instead (RFC 7672 §2.2.2,
 * quirk 9): it goes with the others, and alone it belongs to the domain that the mail names, or to the host's own domain.
 * @param inbox the domain whose inbox the report came to, or null when it came to none
 * @param others all domains that it may belong to besides
 */
export function attribute(decoded: DecodedReport, inbox: Candidate | null, others: readonly Candidate[]): Attribution {
  const named = decoded.report.policies.flatMap((policy) => (policy.domain === null ? [] : [policy.domain]));
  const hinted = decoded.hints.domains.map((hint) => hint.domain);
  // A report that names nobody at all came to this inbox, and that is what it says.
  if (named.length === 0 && hinted.length === 0 && inbox !== null) return { ok: true, domain: inbox };
  for (const names of [named, hinted]) {
    if (inbox !== null && names.includes(inbox.name)) return { ok: true, domain: inbox };
    // Of several the first that is named, whatever the order in which the candidates come.
    const found = only(names.flatMap((name) => others.filter((candidate) => candidate.name === name)));
    if (found !== null) return found;
  }
  const isAboutHosts = decoded.report.policies.every((policy) => policy.type === "tlsa" || policy.domain === null);
  const isOfHost = (candidate: Candidate) => named.some((host) => host.endsWith(`.${candidate.name}`));
  // Of several the inbox's own domain, or else the nearest: mx.mail.example.org is of mail.example.org first.
  const ofHost = [
    ...(inbox !== null && isOfHost(inbox) ? [inbox] : []),
    ...others.filter(isOfHost).sort((a, b) => b.name.length - a.name.length),
  ];
  const found = isAboutHosts ? only(ofHost) : null;
  if (found !== null) return found;
  const about = [...new Set([...named, ...hinted])].slice(0, 3).join(", ") || "no domain that it names";
  return {
    ok: false,
    code: "other-domain",
    reason: `The report is about ${about}, which is none of the registered domains.`,
  };
}

/** Whether a policy of a report names a domain: in that one's own inbox it then belongs to it, whatever else there is. */
export function names({ report }: DecodedReport, { name }: Candidate): boolean {
  return report.policies.some((policy) => policy.domain === name);
}

/** The first of some candidates, unless another team has the same name; null when there is none. */
function only(found: readonly Candidate[]): Attribution | null {
  const [domain] = found;
  if (domain === undefined) return null;
  const sameName = found.filter((candidate) => candidate.name === domain.name);
  if (new Set(sameName.map((candidate) => candidate.id)).size === 1) return { ok: true, domain };
  const reason = `${domain.name} is registered in several teams; say which one is meant.`;
  return { ok: false, code: "several-teams", reason };
}
