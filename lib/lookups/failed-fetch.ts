import type { Facts } from "#lib/checks/gather.ts";
import type { FetchFailure } from "#lib/probes/policy-fact.ts";
import { readStsRecord } from "#lib/standards/sts-record.ts";

/** Failures before anything was sent: nobody was asked. */
const NOT_SENT: readonly FetchFailure[] = ["address-refused", "no-route-here", "forbidden-here"];

/**
 * The policy id whose policy could not be fetched (M30). Null when the policy was fetched, or when no record names one: then
 * no sender would have asked for it.
 */
export function failedFetchOf({ policyFetch, stsTxt }: Pick<Facts, "policyFetch" | "stsTxt">): string | null {
  // RFC 8461 §3.3: only 200 is success.
  if (policyFetch === null || (policyFetch.http?.status === 200 && policyFetch.failure === null)) return null;
  if (policyFetch.failure !== null && NOT_SENT.includes(policyFetch.failure.code)) return null;
  return stsTxt.result.ok ? (readStsRecord(stsTxt.result.records).value?.id ?? null) : null;
}
