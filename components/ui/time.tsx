const FORMAT = new Intl.DateTimeFormat("en-GB", {
  ...{ day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" },
  timeZone: "UTC",
});
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** A moment in UTC with the zone written, and how long ago that was as the extra. */
export function Time({ at, now }: { at: Date; now?: Date }) {
  return (
    <time dateTime={at.toISOString()}>
      {FORMAT.format(at)} UTC{now && <span className="text-muted"> ({ago(at, now)})</span>}
    </time>
  );
}

/** A UTC day, from YYYY-MM-DD. */
export function formatDay(day: string): string {
  return DAY.format(new Date(`${day}T00:00:00Z`));
}

/** "3 hours ago"; "in 2 days" for what is to come; "just now" for what a clock may be off. */
export function ago(at: Date, now: Date): string {
  const seconds = (now.getTime() - at.getTime()) / 1000;
  if (Math.abs(seconds) < 5) return "just now";
  const [amount, unit] =
    Math.abs(seconds) < 90
      ? [Math.round(seconds), "second"]
      : Math.abs(seconds) < 90 * 60
        ? [Math.round(seconds / 60), "minute"]
        : Math.abs(seconds) < 36 * 3600
          ? [Math.round(seconds / 3600), "hour"]
          : [Math.round(seconds / 86_400), "day"];
  const words = `${Math.abs(amount)} ${unit}${Math.abs(amount) === 1 ? "" : "s"}`;
  return amount < 0 ? `in ${words}` : `${words} ago`;
}
