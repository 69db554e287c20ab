/** One measured figure; what is smaller is better. */
export interface Figure {
  name: string;
  value: number;
  unit: "ms" | "s" | "MB" | "kB";
  target?: number;
  /** What the same run needs at least, and for what. */
  floor?: { value: number; of: string };
}

/** Prints figures with their targets and floors. */
export function printFigures(title: string, figures: readonly Figure[]): void {
  console.log(`\n${title}`);
  const rows = figures.map(({ name, value, unit, target, floor }) => [
    name,
    `${show(value)} ${unit}`,
    target === undefined ? "" : `${target} ${unit}`,
    target === undefined ? "" : value <= target ? "met" : "MISSED",
    floor === undefined ? "" : `${show(floor.value)} ${unit}  ${floor.of}`,
  ]);
  const table = [["", "measured", "target", "", "floor"], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  for (const row of table) {
    const [name = "", value = "", target = "", met = "", floor = ""] = row;
    const [first = 0, second = 0, third = 0, fourth = 0] = widths;
    console.log(
      `  ${name.padEnd(first)}  ${value.padStart(second)}  ${target.padStart(third)}  ${met.padEnd(fourth)}  ${floor}`.trimEnd(),
    );
  }
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

function show(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });
}
