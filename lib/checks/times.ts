/** "2026-11-22 08:47 UTC", or the text itself where it is no time. */
export function minuteOf(time: string): string {
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
