/**
 * "12 of 5,326 (0.2 %)", or with `words`, where no heading says what is counted, "12 of 5,326 sessions failed (0.2 %)"; no
 * rate when there were no sessions, and a mark when nothing was reported.
 */
export function Rate(props: { successes: number | null; failures: number | null; words?: boolean }) {
  const { successes, failures, words = false } = props;
  if (successes === null || failures === null) return <span className="text-muted">No report</span>;
  const sessions = successes + failures;
  const figures = (number: number) => number.toLocaleString("en");
  if (sessions === 0) return <>0 sessions</>;
  return (
    <span>
      {figures(failures)} of {figures(sessions)}
      {words && " sessions failed"} <span className="whitespace-nowrap">({percent(failures, sessions)})</span>
    </span>
  );
}

/** A share with as many digits as it needs to be told from none and from all. */
export function percent(part: number, whole: number): string {
  if (part === 0) return "0 %";
  if (part === whole) return "100 %";
  const share = (part / whole) * 100;
  if (share < 0.1) return "< 0.1 %";
  if (share > 99.9) return "> 99.9 %";
  return `${share.toFixed(1)} %`;
}
