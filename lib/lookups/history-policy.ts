import { answerOf } from "#lib/checks/answers.ts";
import type { EarlierPolicy, Facts } from "#lib/checks/gather.ts";
import type { LedgerEntry, PolicyToKeep } from "#lib/db/policy-ledger.ts";
import { readStsPolicy } from "#lib/standards/sts-policy.ts";
import { readStsRecord } from "#lib/standards/sts-record.ts";

type PolicyFacts = Pick<Facts, "stsTxt" | "policyFetch" | "policyFetches">;

/** The policies that a lookup saw, at whichever address of the policy host: what no sender can use is none. */
export function policiesIn(facts: PolicyFacts): PolicyToKeep[] {
  const id = idIn(facts);
  const { policyFetch, policyFetches } = facts;
  return [...policyFetches, ...(policyFetch ? [policyFetch] : [])].flatMap(({ http }) => {
    // RFC 8461 §3.3 (M21): nothing but the body of a 200 is a policy.
    if (http?.status !== 200 || http.tooLarge) return [];
    const policy = readStsPolicy(http.body).value;
    return policy === null ? [] : [{ id, body: http.body, mode: policy.mode, maxAge: policy.maxAge }];
  });
}

/**
 * The version of the ledger that tells most about the id and policy that are there now: one that some sender may still hold
 * under the same id (M5), since it will not come back for the new text; otherwise the last one that was seen.
 * @param ledger the last seen first
 * @returns null where none was seen before
 */
export function earlierPolicy(ledger: readonly LedgerEntry[], now: PolicyFacts, at: Date): EarlierPolicy | null {
  const id = idIn(now);
  const body = now.policyFetch?.http?.body;
  // Without an id beside it no sender has kept a policy (RFC 8461 §3.1).
  const named = ledger.filter((version) => version.id !== null);
  const last = named[0] ?? ledger[0];
  if (last === undefined) return null;
  const heldUnder = (asked: string | null | undefined) =>
    named.find(
      (version) =>
        version.id === asked &&
        version.body !== body &&
        version.lastSeen.getTime() + version.maxAge * 1000 > at.getTime(),
    );
  // A new id for the same text mends it where that text had come under the id of another one.
  const mended = last.body === body && last.id !== id ? heldUnder(last.id) : undefined;
  const told = heldUnder(id) ?? mended ?? last;
  return { id: told.id, body: told.body, seenAt: told.lastSeen.toISOString() };
}

/** The id of the record; null when there is no valid one, undefined when nobody answered. */
function idIn({ stsTxt }: Pick<Facts, "stsTxt">): string | null | undefined {
  const answer = answerOf(stsTxt);
  if (answer.kind === "records") return readStsRecord(answer.records).value?.id ?? null;
  return answer.kind === "absent" ? null : undefined;
}
