import { AutoRefresh } from "./auto-refresh.tsx";

/** How many of a team's domains were looked at so far, while some wait for their first lookup; nothing after that. */
export function LookProgress({ domains, waiting }: { domains: number; waiting: number }) {
  if (waiting === 0) return null;
  const done = domains - waiting;
  const figures = (number: number) => number.toLocaleString("en");
  return (
    <div className="space-y-1 rounded-md border border-line bg-sunken px-4 py-3">
      <p className="tabular-nums">
        <span className="font-semibold">
          {figures(done)} of {figures(domains)} domains looked at.
        </span>{" "}
        {waiting === 1 ? "1 waits" : `${figures(waiting)} wait`} for the first lookup; they are taken a few at a time.
      </p>
      <progress max={domains} value={done} aria-label="Domains looked at" className="h-2 w-full" />
      <noscript>
        <p className="text-muted">Reload this page to see how far it is.</p>
      </noscript>
      <AutoRefresh key={waiting} />
    </div>
  );
}
