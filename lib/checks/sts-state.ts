import { matchCertificate } from "#lib/standards/certificate-names.ts";
import { readStsPolicy, type StsPolicy } from "#lib/standards/sts-policy.ts";
import { readStsRecord } from "#lib/standards/sts-record.ts";
import { answerOf } from "./answers.ts";
import type { Facts } from "./gather.ts";

/** What a sender that honours MTA-STS, and has no older policy in its cache, finds (RFC 8461 §3.3, §5; M31). */
export type StsState =
  | { kind: "policy"; policy: StsPolicy }
  /** There is none, or none that can be used: the domain is as one without MTA-STS. */
  | { kind: "none"; why: "no-record" | "no-policy" }
  /** We could not look. */
  | { kind: "unknown" };

/** Failures of the fetch that say nothing about what others get. */
const NOT_SEEN = new Set(["connection-timeout", "network-unreachable", "no-route-here", "forbidden-here"]);

export function stsStateOf({ stsTxt, policyFetch }: Pick<Facts, "stsTxt" | "policyFetch">): StsState {
  const record = answerOf(stsTxt);
  if (record.kind === "unanswered") return { kind: "unknown" };
  if (record.kind !== "records" || readStsRecord(record.records).value === null) {
    return { kind: "none", why: "no-record" };
  }
  if (policyFetch === null) return { kind: "none", why: "no-policy" };
  const { failure, http, tls, host, proposed } = policyFetch;
  if (failure !== null && NOT_SEEN.has(failure.code)) return { kind: "unknown" };
  const [leaf] = tls?.chain ?? [];
  const isTrusted = proposed || (tls?.chainError === null && leaf && matchCertificate(host, leaf).matched);
  // M21, M29: nothing but the whole body of a 200 is a policy.
  if (!isTrusted || http?.status !== 200 || http.tooLarge) return { kind: "none", why: "no-policy" };
  const { value: policy } = readStsPolicy(http.body);
  return policy === null ? { kind: "none", why: "no-policy" } : { kind: "policy", policy };
}
