import type { Candidate } from "#lib/db/candidates.ts";
import type { ReadTlsReport } from "./json.ts";
import type { DecodedReport } from "./place.ts";

type Policy = ReadTlsReport["policies"][number];

/** Why a report, or a part of one, belongs to none of the domains. */
export interface Unclaimed {
  code: "other-domain" | "several-teams";
  reason: string;
}

/** What of a report belongs to which domain, and what to none of them. */
export interface Attribution {
  parts: { domain: Candidate; policies: Policy[] }[];
  unclaimed: Unclaimed | null;
}

type Found = { ok: true; domain: Candidate } | ({ ok: false } & Unclaimed);

/**
 * Finds the domains of a report (standards.md P27). It belongs to the one that a policy names, the inbox's own domain first;
 * where no policy names any, to that which the mail or the file says, since in a disagreement the body wins (P16). A TLSA
 * policy may name an MX host instead (RFC 7672 §2.2.2, T12, quirk 9): it goes with the others, and alone it belongs to the
 * domain that the mail names, or that has this host. Policies that name yet another domain are that one's, or nobody's.
 * @param inbox the domain whose inbox the report came to, or null when it came to none
 * @param others all domains that it may belong to besides
 * @param assigned a person says that what names another domain belongs to the inbox's all the same
 */
export function attribute(
  decoded: DecodedReport,
  inbox: Candidate | null,
  others: readonly Candidate[],
  assigned = false,
): Attribution {
  const { policies } = decoded.report;
  const main = findMain(decoded, inbox, others);
  const owner = main.ok ? main.domain : assigned ? inbox : null;
  if (owner === null) return { parts: [], unclaimed: main.ok ? null : { code: main.code, reason: main.reason } };
  if (!main.ok || isOnlyAbout(decoded, owner)) return { parts: [{ domain: owner, policies }], unclaimed: null };
  const parts = new Map<string, { domain: Candidate; policies: Policy[] }>();
  const foreign: string[] = [];
  let ambiguous: Unclaimed | null = null;
  const known = inbox === null ? others : [inbox, ...others];
  for (const policy of policies) {
    const named = policy.domain ?? owner.name;
    const exact = named === owner.name ? main : only(known.filter(({ name }) => name === named));
    // A TLSA policy that names no registered domain names an MX host, of this one.
    const found = exact ?? (policy.type === "tlsa" ? main : null);
    const domain = found?.ok ? found.domain : assigned ? inbox : null;
    if (domain === null) {
      if (found?.ok === false) ambiguous = { code: found.code, reason: found.reason };
      else foreign.push(named);
      continue;
    }
    const part = parts.get(domain.id) ?? { domain, policies: [] };
    part.policies.push(policy);
    parts.set(domain.id, part);
  }
  return { parts: [...parts.values()], unclaimed: foreign.length === 0 ? ambiguous : unclaimed(foreign) };
}

/** Whether all policies of a report go to a domain: then nobody has to know which others there are. */
export function isOnlyAbout({ report }: DecodedReport, { name }: Candidate): boolean {
  const isHost = (policy: Policy) => policy.type === "tlsa" && policy.domain?.endsWith(`.${name}`);
  const own = (policy: Policy) => policy.domain === null || policy.domain === name || isHost(policy);
  return report.policies.some((policy) => policy.domain === name) && report.policies.every(own);
}

function findMain(decoded: DecodedReport, inbox: Candidate | null, others: readonly Candidate[]): Found {
  const { policies } = decoded.report;
  const named = policies.flatMap((policy) => (policy.domain === null ? [] : [policy.domain]));
  const hinted = decoded.hints.domains.map((hint) => hint.domain);
  // A report that names nobody at all came to this inbox, and that is what it says.
  if (named.length === 0 && hinted.length === 0 && inbox !== null) return { ok: true, domain: inbox };
  const isAboutHosts = policies.every((policy) => policy.type === "tlsa" || policy.domain === null);
  for (const names of isAboutHosts ? [named, hinted] : [named]) {
    if (inbox !== null && names.includes(inbox.name)) return { ok: true, domain: inbox };
    // Of several the first that is named, whatever the order in which the candidates come.
    const found = only(names.flatMap((name) => others.filter((candidate) => candidate.name === name)));
    if (found !== null) return found;
  }
  const found = isAboutHosts ? ofHosts(named, inbox, others) : null;
  return found ?? { ok: false, ...unclaimed([...named, ...hinted]) };
}

/** The domain of some MX hosts: the inbox's own, or that in which they are named, or the only one that has them. */
function ofHosts(hosts: readonly string[], inbox: Candidate | null, others: readonly Candidate[]): Found | null {
  const isInside = ({ name }: Candidate) => hosts.some((host) => host.endsWith(`.${name}`));
  const serves = (candidate: Candidate) => hosts.some((host) => candidate.hosts?.includes(host));
  if (inbox !== null) {
    const own = others.find(({ id }) => id === inbox.id) ?? inbox;
    if (isInside(own) || serves(own)) return { ok: true, domain: inbox };
  }
  // The nearest: mx.mail.example.org is of mail.example.org first.
  const inside = only(others.filter(isInside).sort((a, b) => b.name.length - a.name.length));
  if (inside !== null) return inside;
  const served = others.filter(serves);
  return new Set(served.map(({ name }) => name)).size === 1 ? only(served) : null;
}

function unclaimed(names: readonly string[]): Unclaimed {
  const about = [...new Set(names)].slice(0, 3).join(", ") || "no domain that it names";
  return { code: "other-domain", reason: `The report is about ${about}, which is none of the registered domains.` };
}

/** The first of some candidates, unless another team has the same name; null when there is none. */
function only(found: readonly Candidate[]): Found | null {
  const [domain] = found;
  if (domain === undefined) return null;
  const sameName = found.filter((candidate) => candidate.name === domain.name);
  if (new Set(sameName.map((candidate) => candidate.id)).size === 1) return { ok: true, domain };
  const reason = `${domain.name} is registered in several teams; say which one is meant.`;
  return { ok: false, code: "several-teams", reason };
}
