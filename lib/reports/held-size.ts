import type { ReadTlsReport } from "./json.ts";

/**
 * What the reports of one upload may come to, as long as they wait to be stored together: one file may inflate to 100 MB
 * (MAX_INFLATED_BYTES), two hundred of them must not. Real reports have a few thousand characters.
 */
export const MAX_HELD_CHARACTERS = 32 * 1024 * 1024;

/** What an entry costs beside its texts: keys, numbers and the row that it becomes. */
const PER_ENTRY = 200;

/** About how many characters a report holds. */
export function sizeOf(report: ReadTlsReport): number {
  let size = PER_ENTRY;
  for (const { strings, mx, details } of report.policies) {
    size += PER_ENTRY;
    for (const text of [...(strings ?? []), ...(mx ?? [])]) size += text.length + PER_ENTRY;
    for (const failure of details) {
      const { resultType, cause, sendingIp, mx: host, helo, receivingIp, reason, additional } = failure;
      size += PER_ENTRY;
      for (const text of [resultType, cause, sendingIp, host, helo, receivingIp, reason, additional]) {
        size += text?.length ?? 0;
      }
    }
  }
  return size;
}
