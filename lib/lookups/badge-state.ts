import { mailHostsOf } from "#lib/checks/answers.ts";
import { type DaneDemand, daneDemandOf } from "#lib/checks/dane-demand.ts";
import type { Facts } from "#lib/checks/gather.ts";
import { resolverValidates } from "#lib/checks/security.ts";
import { type StsState, stsStateOf } from "#lib/checks/sts-state.ts";
import { readTlsa } from "#lib/standards/tlsa.ts";
import { type Seen, seenIn } from "./compare-seen.ts";

/** What a badge says: whether senders that care about it have to protect mail to the domain. */
export type BadgeState = "enforced" | "testing" | "not protected" | "not known";

/** Looks come once a day; a badge that rests on an older one would say more than is known. */
const OLDEST_DAYS = 7;

/**
 * What the last lookup of a domain says about the protection of its mail: by an MTA-STS policy or by DANE at each mail host.
 * What could not be seen makes nothing better, and neither does it make it worse.
 */
export function badgeState(lookup: { facts: Facts; checkedAt: Date } | null, now: Date): BadgeState {
  if (lookup === null || now.getTime() - lookup.checkedAt.getTime() > OLDEST_DAYS * 86_400_000) return "not known";
  const { facts } = lookup;
  const states = [mtaStsState(seenIn({ facts, worst: "error" }), stsStateOf(facts)), daneState(facts)];
  return (["enforced", "testing", "not known"] as const).find((state) => states.includes(state)) ?? "not protected";
}

function mtaStsState(seen: Seen, now: StsState): BadgeState {
  const policy = seen.find((entry) => entry.kind === "policy");
  const id = seen.find((entry) => entry.kind === "sts-id");
  // RFC 8461 §3.1: without a valid record senders do not ask for the policy.
  if (id?.value === null || policy?.value === null) return "not protected";
  if (id === undefined || policy === undefined) return "not known";
  // Senders choose freely among the addresses of the policy host: the weakest answer is what can be relied on.
  const modes = now.kind === "mixed" ? now.found.map((one) => one.policy?.mode ?? "none") : [policy.value.mode];
  const mode = (["none", "testing"] as const).find((one) => modes.includes(one)) ?? "enforce";
  return mode === "enforce" ? "enforced" : mode === "testing" ? "testing" : "not protected";
}

/** RFC 7672 §2.2: DANE holds for a host when MX, addresses and TLSA records are secure, and one of these can be used. */
function daneState({ mx, domainAddresses, mailHosts, signedNames }: Facts): BadgeState {
  const mail = mailHostsOf(mx, domainAddresses);
  if (mail.kind === "unknown") return "not known";
  if (mail.kind !== "hosts" || !mx.authenticated) return "not protected";
  const validates = resolverValidates({ signedNames, mx, mailHosts });
  const states = mail.hosts.map(({ exchange }) => {
    const host = mailHosts.find(({ name }) => name === exchange);
    return host === undefined ? "not known" : daneStateOf(daneDemandOf(host, mx, validates));
  });
  if (states.includes("not protected")) return "not protected";
  return states.includes("not known") ? "not known" : "enforced";
}

function daneStateOf(demand: DaneDemand): BadgeState {
  if (demand.kind === "none") return "not protected";
  if (demand.kind !== "records" || demand.isPartlyUnseen) return "not known";
  // RFC 7672 §2.2 (D6): with none that can be used, TLS is demanded with whoever answers.
  return readTlsa(demand.records).some(({ fault }) => fault === null) ? "enforced" : "not protected";
}
