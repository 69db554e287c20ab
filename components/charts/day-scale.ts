import { formatDay } from "#components/ui/time.tsx";

/** One day of a chart; null where nothing was reported. */
export interface ChartDay {
  day: string;
  successes: number | null;
  failures: number | null;
  /** Where the day's rows are; null where there are none. */
  href: string | null;
}

/** Something that happened on a day and explains what the bars show. */
export interface ChartMark {
  day: string;
  label: string;
}

export interface DayChartProps {
  days: readonly ChartDay[];
  marks: readonly ChartMark[];
  /** Both stacked, or the failures alone, which would be a line of pixels on top of the others. */
  show: "sessions" | "failures";
}

// What the sketch of a chart and the chart itself have in common, so that one can take the other's place unseen.
export const HEIGHTS = { sessions: 220, failures: 130 };
export const MARGIN = { top: 16, right: 8, bottom: 0, left: 0 };
export const AXIS_WIDTH = 52;
export const AXIS_HEIGHT = 30;
const MOST_LABELS = 5;
const NICE = [1, 2, 3, 5, 10];

/** How much of a day's width its bar leaves free. */
export function gapShare(days: number): number {
  return days > 120 ? 0 : days < 14 ? 0.4 : 0.15;
}

/** Whether bars are wide enough for an edge in the colour of the ground, which sets stacked ones apart. */
export function haveEdges(days: number): boolean {
  return days <= 45;
}

/** The numbers beside the chart: round ones, from 0 to at least the most that is shown. */
export function countTicks({ days, show }: DayChartProps): number[] {
  const most = Math.max(
    ...days.map(({ successes, failures }) => (failures ?? 0) + (show === "sessions" ? (successes ?? 0) : 0)),
    1,
  );
  const steps = show === "sessions" ? 4 : 2;
  const power = 10 ** Math.floor(Math.log10(most / steps));
  const step = Math.max(1, (NICE.find((nice) => nice * power * steps >= most) ?? 10) * power);
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => index * step);
}

/** The days that are named below the chart: few enough to be read on a narrow screen, at even distances. */
export function labelledDays(days: readonly ChartDay[]): string[] {
  const step = Math.ceil(days.length / MOST_LABELS);
  return days.filter((_, index) => index % step === Math.floor(step / 2)).map(({ day }) => day);
}

/** Runs of days without a report, as first and last day. */
export function gapsOf(days: readonly ChartDay[]): [string, string][] {
  const gaps: [string, string][] = [];
  days.forEach((day, index) => {
    if (day.successes !== null) return;
    const last = gaps.at(-1);
    if (last && days[index - 1]?.day === last[1]) last[1] = day.day;
    else gaps.push([day.day, day.day]);
  });
  return gaps;
}

/** A day without its year, which the period above the chart names. */
export function shortDay(day: string): string {
  return formatDay(day).replace(/ \d{4}$/, "");
}

export function shortNumber(value: number): string {
  return new Intl.NumberFormat("en", { notation: "compact" }).format(value);
}
