import type { PolicyFetchFact } from "#lib/probes/policy-fact.ts";
import { matchCertificate } from "#lib/standards/certificate-names.ts";
import { readStsPolicy, type StsPolicy } from "#lib/standards/sts-policy.ts";
import { readStsRecord } from "#lib/standards/sts-record.ts";
import { addressesOf, answerOf } from "./answers.ts";
import type { Facts } from "./gather.ts";

/** What a sender that honours MTA-STS, and has no older policy in its cache, finds (RFC 8461 §3.3, §5; M31). */
export type StsState =
  | { kind: "policy"; policy: StsPolicy }
  /** The addresses of the policy host do not give the same: what a sender finds depends on the one that it asks. */
  | { kind: "mixed"; found: Found[] }
  /** There is none, or none that can be used: the domain is as one without MTA-STS. */
  | { kind: "none"; why: "no-record" | "no-policy" }
  /** We could not look. */
  | { kind: "unknown" };

/** A policy, null for none that can be used, and the addresses at which Sealpost got it. */
export interface Found {
  policy: StsPolicy | null;
  addresses: string[];
}

type StsFacts = Pick<Facts, "stsTxt" | "policyHostAddresses" | "policyFetch" | "policyFetches">;

/** Failures of the fetch that say nothing about what others get. */
const NOT_SEEN = new Set([
  "connection-timeout",
  "network-unreachable",
  "no-route-here",
  "forbidden-here",
  "tls-timeout",
]);

export function stsStateOf({ stsTxt, policyHostAddresses, policyFetch, policyFetches }: StsFacts): StsState {
  const record = answerOf(stsTxt);
  if (record.kind === "unanswered") return { kind: "unknown" };
  if (record.kind !== "records" || readStsRecord(record.records).value === null) {
    return { kind: "none", why: "no-record" };
  }
  if (policyFetch === null) {
    const isUnseen = addressesOf(policyHostAddresses).unanswered.length > 0;
    return isUnseen ? { kind: "unknown" } : { kind: "none", why: "no-policy" };
  }
  const told = policyFetches.filter((fact) => fact.address !== null || isDeadFamily(fact, policyFetches));
  const seen = told.length > 1 ? told : [policyFetch];
  if (!seen.some((fact) => policyAt(fact) !== null) && seen.some(isUnseen)) return { kind: "unknown" };
  const [first, ...others] = foundIn(seen);
  if (first !== undefined && others.length > 0) return { kind: "mixed", found: [first, ...others] };
  return first?.policy ? { kind: "policy", policy: first.policy } : { kind: "none", why: "no-policy" };
}

/**
 * Where there is no connection, a sender goes on to the next address (RFC 6724 §2), and finds what is served there. Only
 * where IPv4 is refused altogether do the many that have nothing else find no policy.
 */
function isDeadFamily({ failure, attempts }: PolicyFetchFact, all: readonly PolicyFetchFact[]): boolean {
  const isRefused = failure?.code === "connection-refused" || failure?.code === "connection-reset";
  const isIpv4 = (address: string | undefined | null) => address?.includes(":") === false;
  return isRefused && isIpv4(attempts.at(-1)?.address) && !all.some(({ address }) => isIpv4(address));
}

/** What is found, each once, in an order that does not depend on that of the addresses; what was not seen counts as none. */
function foundIn(seen: readonly PolicyFetchFact[]): Found[] {
  const byDemand = Map.groupBy(seen, (fact) => demandOf(policyAt(fact)));
  return [...byDemand]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, [first, ...others]]) => {
      if (first === undefined) return [];
      return { policy: policyAt(first), addresses: [first, ...others].flatMap(placeOf) };
    });
}

function placeOf({ address, attempts }: PolicyFetchFact): string[] {
  const place = address ?? attempts.at(-1)?.address;
  return place === undefined ? [] : [place];
}

/** What a policy asks of a sender now, as a key; how long it is kept makes no difference to that. */
function demandOf(policy: StsPolicy | null): string {
  return policy === null ? "" : JSON.stringify([policy.mode, ...policy.mx.toSorted()]);
}

function isUnseen({ failure }: PolicyFetchFact): boolean {
  return failure !== null && NOT_SEEN.has(failure.code);
}

/** The policy that one fetch brought. */
function policyAt({ http, tls, host, proposed }: PolicyFetchFact): StsPolicy | null {
  const [leaf] = tls?.chain ?? [];
  const isTrusted = proposed || (tls?.chainError === null && leaf && matchCertificate(host, leaf).matched);
  // M21, M29: nothing but the whole body of a 200 is a policy.
  return isTrusted && http?.status === 200 && !http.tooLarge ? readStsPolicy(http.body).value : null;
}
