import type { Actor } from "#lib/db/audit.ts";
import type { Candidate } from "#lib/db/candidates.ts";
import { quarantinedFile, removeQuarantined } from "#lib/db/quarantine.ts";
import { NotFound } from "#lib/errors.ts";
import { type Door, type ReceiveOutcome, receive } from "./receive.ts";

/** A domain whose tray it is. */
type Keeper = Candidate & { teamId: string };

/**
 * Reads a file of the quarantine again, as when it came: what is a report now is stored, and the file leaves the quarantine
 * when nothing in it is left to be taken.
 * @throws NotFound when it is not there, or its bytes are gone
 */
export async function retryQuarantined(domain: Keeper, id: string, by: Actor): Promise<ReceiveOutcome[]> {
  return takeAgain(domain, id, "quarantine.retried", domain, by);
}

/**
 * Gives an unclaimed file to a domain: its reports are stored there, whatever domain they name.
 * @param target a domain of the same team
 * @throws NotFound when it is not there, or its bytes are gone
 */
export async function assignUnclaimed(
  domain: Keeper,
  id: string,
  target: Keeper,
  by: Actor,
): Promise<ReceiveOutcome[]> {
  if (target.teamId !== domain.teamId) throw new NotFound("The domain");
  return takeAgain(domain, id, "unclaimed.assigned", target, by);
}

/** Removes a file for good: a person has seen that nobody needs it. @throws NotFound */
export async function discardQuarantined(domain: Keeper, id: string, by: Actor): Promise<void> {
  if (!(await removeQuarantined(domain, id, { action: "quarantine.discarded" }, by))) throw new NotFound("The file");
}

async function takeAgain(
  domain: Keeper,
  id: string,
  action: string,
  target: Keeper,
  by: Actor,
): Promise<ReceiveOutcome[]> {
  const file = await quarantinedFile(domain.id, id);
  if (file === null) throw new NotFound("The file");
  const { bytes, fileName, code, door, receivedAt } = file;
  const assigned = action === "unclaimed.assigned";
  const inbox = { domain: target, teamId: domain.teamId, door: door as Door, tray: domain, assigned };
  const [outcomes = []] = await receive([{ bytes, fileName }], inbox, receivedAt);
  // What is still not taken stands in the quarantine with its reason of now; the same reason is the same row.
  const isSame = outcomes.some((outcome) => outcome.outcome === "quarantined" && outcome.code === code);
  if (!isSame) {
    const stored = outcomes.filter(({ outcome }) => outcome !== "quarantined" && outcome !== "refused").length;
    await removeQuarantined(domain, id, { action, after: { domain: target.name, reports: stored } }, by);
  }
  return outcomes;
}
