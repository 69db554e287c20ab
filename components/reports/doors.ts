import { visibleText } from "#lib/standards/visible-text.ts";

/** The doors as pages name them. */
const DOORS: Readonly<Record<string, string>> = {
  https: "HTTPS",
  smtp: "SMTP",
  mailbox: "Mailbox",
  upload: "Upload",
  "command-line": "Command line",
  sample: "Sample data",
};

/** Doors by which senders come by themselves; by the others a person brings reports. */
export const DOORS_OF_SENDERS: readonly string[] = ["https", "smtp", "mailbox"];
const DOORS_OF_PEOPLE: readonly string[] = ["upload", "command-line"];

export const DOOR_CHOICES: readonly string[] = [...DOORS_OF_SENDERS, ...DOORS_OF_PEOPLE];

/** A door's name for people. */
export function doorName(door: string): string {
  return Object.hasOwn(DOORS, door) ? (DOORS[door] ?? door) : visibleText(door, 80);
}
