import type { CheckName, Verdict } from "#lib/checks/verdict.ts";

/** How several checks came out together, as a step of the rollout needs it. */
export type CheckedGroup =
  | { state: "good" }
  /** Something is broken, or not there. */
  | { state: "bad"; worst: Verdict }
  /** Nothing is known to be broken, but something could not be seen. */
  | { state: "unseen"; worst: Verdict }
  | { state: "no-lookup" };

/** Warnings and notes leave a step done; what could not be checked leaves it open. */
export function groupOf(verdicts: readonly Verdict[] | null, checks: readonly CheckName[]): CheckedGroup {
  if (verdicts === null) return { state: "no-lookup" };
  const ours = verdicts.filter((verdict) => checks.includes(verdict.check));
  const failed = ours.find((verdict) => verdict.status === "fail");
  if (failed !== undefined) return { state: "bad", worst: failed };
  const unseen =
    ours.find((verdict) => verdict.status === "error") ?? ours.find((verdict) => verdict.status === "skipped");
  if (unseen !== undefined) return { state: "unseen", worst: unseen };
  return ours.length > 0 ? { state: "good" } : { state: "no-lookup" };
}
