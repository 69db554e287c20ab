import type { Facts } from "#lib/checks/gather.ts";
import type { CheckName, Status } from "#lib/checks/verdict.ts";

/** "fail sts-record-missing", with " @host" where the subject is neither the domain nor its policy host. */
export type Outcome = `${Status} ${string}`;

/** What one check says of a healthy domain with some changes. */
export interface Case {
  check: CheckName;
  changes: Partial<Facts>;
  outcomes: Outcome[];
  why: string;
}

/** A list of cases, and the function that adds one. */
export function table(): { cases: Case[]; when: (...row: [CheckName, Partial<Facts>, Outcome[], string]) => void } {
  const cases: Case[] = [];
  return { cases, when: (check, changes, outcomes, why) => cases.push({ check, changes, outcomes, why }) };
}
