import clsx from "clsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import type { Facts } from "#lib/checks/gather.ts";
import type { Verdict } from "#lib/checks/verdict.ts";
import { textOfOctets } from "#lib/standards/octets.ts";
import { shownText } from "./dns-text.ts";
import { titleOf } from "./shown-verdict.ts";

/** A real policy is a few lines; of anything longer these are shown, and those with a fault. */
const MOST_LINES = 60;
const MOST_FAULTY = 40;
const LONGEST_LINE = 500;

/** The policy as it was served, with each line marked in which a fault was found. */
export function PolicyText({ http, verdicts }: { http: PolicyAnswer; verdicts: readonly Verdict[] }) {
  const faults = faultsByLine(verdicts);
  // The same ends of lines as the reader of policies has them, so that numbers agree (M40).
  const lines = http.body.replaceAll("\r\r\n", "\r\n").split(/\r\n|\n|\r/);
  if (lines.at(-1) === "") lines.pop();
  const numbered = lines.map((line, i) => ({ number: i + 1, line, faults: faults.get(i + 1) ?? [] }));
  const later = numbered.slice(MOST_LINES).filter((line) => line.faults.length > 0);
  const shown = [...numbered.slice(0, MOST_LINES), ...later.slice(0, MOST_FAULTY)];
  return (
    <>
      <p className="text-muted text-xs">
        Status {http.status}, media type{" "}
        {http.contentType === null ? (
          "not given"
        ) : (
          <code className="break-all font-mono">{shownText(http.contentType)}</code>
        )}
        {http.location !== null && (
          <>
            , leads to <code className="break-all font-mono">{shownText(http.location)}</code>
          </>
        )}
      </p>
      {lines.length === 0 && <p className="text-muted">The answer is empty.</p>}
      <ol className="rounded-md border border-line bg-sunken py-2 font-mono text-xs">
        {shown.map(({ number, line, faults: found }) => (
          <li
            key={number}
            className={clsx(
              "flex gap-3 px-3",
              found.length > 0 && "border-l-4 bg-panel py-1",
              found.length > 0 && edgeOf(found),
            )}
          >
            <span className="w-8 shrink-0 select-none text-right text-muted tabular-nums">{number}</span>
            <span className="min-w-0">
              <span className="whitespace-pre-wrap break-all">{shownLine(line)}</span>
              {found.map((fault) => (
                <StatusBadge
                  key={fault.code}
                  status={fault.status}
                  word={titleOf(fault)}
                  className="flex whitespace-normal font-sans"
                />
              ))}
            </span>
          </li>
        ))}
      </ol>
      {lines.length > shown.length && (
        <p className="text-muted">{(lines.length - shown.length).toLocaleString("en")} more lines are not shown.</p>
      )}
    </>
  );
}

export type PolicyAnswer = NonNullable<NonNullable<Facts["policyFetch"]>["http"]>;

/** What is wrong in a line, by the number of the line. */
function faultsByLine(verdicts: readonly Verdict[]): Map<number, Verdict[]> {
  const faults = new Map<number, Verdict[]>();
  for (const verdict of verdicts) {
    if (verdict.status !== "fail" && verdict.status !== "warn") continue;
    const { lines } = { lines: [], ...verdict.evidence };
    for (const line of Array.isArray(lines) ? lines : []) faults.set(line, [...(faults.get(line) ?? []), verdict]);
  }
  return faults;
}

function edgeOf(faults: readonly Verdict[]): string {
  return faults.some(({ status }) => status === "fail") ? "border-fail" : "border-warn";
}

function shownLine(line: string): string {
  const { text } = textOfOctets(line.slice(0, 4 * LONGEST_LINE));
  const shown = shownText(text);
  return shown.length > LONGEST_LINE ? `${shown.slice(0, LONGEST_LINE)}…` : shown;
}
