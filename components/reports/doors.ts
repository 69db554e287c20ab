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

/** Senders write once a day: a week without any is worth a look, and a long weekend is not. */
const QUIET_MS = 7 * 86_400_000;

/** Whether senders have been silent for so long, or always, that somebody should look why. */
export function isQuiet(lastReport: Date | undefined, now: Date): boolean {
  return lastReport === undefined || now.getTime() - lastReport.getTime() > QUIET_MS;
}

/** A door's name for people. */
export function doorName(door: string): string {
  return Object.hasOwn(DOORS, door) ? (DOORS[door] ?? door) : visibleText(door, 80);
}
