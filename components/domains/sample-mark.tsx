/** Marks what is made up, wherever it appears. */
export function SampleMark() {
  return (
    <span className="ml-2 rounded-md border border-line-strong px-1.5 font-normal text-muted text-xs">Sample data</span>
  );
}
