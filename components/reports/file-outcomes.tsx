import { Reported } from "#components/ui/reported.tsx";
import { ScrollBox } from "#components/ui/scroll-box.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { formatDay } from "#components/ui/time.tsx";
import type { FileResult, Outcome } from "./send-files.ts";

/** More rows help nobody; the count above says what is left out. */
const ROWS = 100;

const WORDS = {
  stored: { status: "pass", word: "Stored" },
  held: { status: "warn", word: "Stored and held" },
  revision: { status: "pass", word: "New revision" },
  duplicate: { status: "info", word: "Known already" },
  unclaimed: { status: "warn", word: "Unclaimed" },
  quarantined: { status: "warn", word: "Quarantined" },
  refused: { status: "fail", word: "Not taken" },
} as const;

/** What became of each file, those that were not taken first. */
export function FileOutcomes({ results, base }: { results: readonly FileResult[]; base: string }) {
  const rows = results.flatMap(rowsOf).sort((a, b) => weight(a.outcome) - weight(b.outcome));
  if (rows.length === 0) return null;
  return (
    <ScrollBox label="What became of the files" className="max-h-80 overflow-y-auto rounded-md border border-line">
      <ul aria-label="Outcome of each file" className="divide-y divide-line text-xs">
        {rows.slice(0, ROWS).map(({ key, name, error, outcome }) => (
          <li key={key} className="space-y-0.5 px-3 py-2">
            <p className="font-mono wrap-anywhere">
              <Reported text={name} most={300} />
            </p>
            {outcome === null ? (
              <>
                <StatusBadge status="error" word="Not sent" />
                <p className="text-muted">{error}</p>
              </>
            ) : (
              <>
                <StatusBadge {...WORDS[kindOf(outcome)]} />
                <p className="break-words text-muted">
                  <Reported text={describe(outcome)} most={800} />{" "}
                  {outcome.outcome === "quarantined" &&
                    (outcome.unclaimed ? (
                      <TextLink href={`${base}/unclaimed`}>To the unclaimed reports</TextLink>
                    ) : (
                      <TextLink href={`${base}/quarantine`}>To the quarantine</TextLink>
                    ))}
                </p>
              </>
            )}
          </li>
        ))}
        {rows.length > ROWS && (
          <li className="px-3 py-2 text-muted">And {(rows.length - ROWS).toLocaleString("en")} more.</li>
        )}
      </ul>
    </ScrollBox>
  );
}

interface Row {
  key: string;
  name: string;
  /** Null when the file was not sent. */
  outcome: Outcome | null;
  error: string | null;
}

function rowsOf({ source, outcomes, error }: FileResult, index: number): Row[] {
  if (error !== null) return [{ key: `${index}`, name: source.path, outcome: null, error }];
  return outcomes.map((outcome, part) => ({ key: `${index}.${part}`, name: source.path, outcome, error: null }));
}

function weight(outcome: Outcome | null): number {
  return outcome === null
    ? 0
    : ["refused", "quarantined", "unclaimed", "held", "revision", "duplicate", "stored"].indexOf(kindOf(outcome)) + 1;
}

/** What a person has to know of an outcome first. */
export function kindOf({ outcome, held, unclaimed }: Outcome): keyof typeof WORDS {
  if (outcome === "quarantined" && unclaimed) return "unclaimed";
  return held && outcome !== "duplicate" ? "held" : outcome;
}

function describe(outcome: Outcome): string {
  if (outcome.reason) return outcome.reason;
  const quirks = outcome.quirks?.length ? ` Quirks: ${outcome.quirks.join(", ")}.` : "";
  const held = kindOf(outcome) === "held" ? " It is not counted until a person says so." : "";
  return `${outcome.organization ?? "?"} about ${outcome.domain ?? "?"}, ${outcome.day ? formatDay(outcome.day) : "?"}.${held}${quirks}`;
}
