import type { Actor } from "#lib/db/audit.ts";
import { type DomainRow, rotateInbox } from "#lib/db/domains.ts";
import { Refused } from "#lib/errors.ts";

/** For how many days the address before can go on working: senders look records up once a day, and people publish late. */
export const OVERLAP_DAYS = [7, 30, 90] as const;

/** Gives a domain's inbox a new address. @returns until when the one before works too. @throws Refused, NotFound */
export async function rotateInboxOf({ teamId, name }: DomainRow, days: unknown, by: Actor): Promise<Date> {
  const overlap = OVERLAP_DAYS.find((choice) => String(choice) === days);
  if (overlap === undefined) throw new Refused("Choose 7, 30 or 90 days.", "days");
  await rotateInbox(teamId, name, overlap, by);
  return new Date(Date.now() + overlap * 86_400_000);
}
