import { StatusBadge } from "#components/ui/status-badge.tsx";

/** What has become of a report, in a word or two. */
export const OUTCOME_WORDS = {
  counted: "Counted",
  held: "Held",
  replaced: "Replaced by another revision",
  thinned: "Details removed",
} as const;

/** What has become of a report; that it counts, as nearly all do, is said without a badge. */
export function OutcomeBadge({ outcome, counted }: { outcome: keyof typeof OUTCOME_WORDS; counted: boolean }) {
  if (outcome === "counted") return OUTCOME_WORDS.counted;
  if (outcome === "held") return <StatusBadge status="warn" word={OUTCOME_WORDS.held} />;
  if (outcome === "replaced") return <StatusBadge status="info" word={OUTCOME_WORDS.replaced} wraps />;
  return (
    <>
      <StatusBadge status="info" word={OUTCOME_WORDS.thinned} />
      <span className="block text-muted text-xs">{counted ? "still counted" : "was not counted"}</span>
    </>
  );
}
