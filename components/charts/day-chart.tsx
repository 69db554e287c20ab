"use client";

import { useRouter } from "next/navigation";
import {
  Bar,
  BarChart,
  CartesianGrid,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
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

const HEIGHTS = { sessions: 220, failures: 130 };
const AXIS = { stroke: "var(--line-strong)", fontSize: 12, tickLine: false } as const;
const TICK = { fill: "var(--muted)", fontSize: 12 } as const;

/** Bars per UTC day. A click on a bar leads to what it counts; the table beside the chart has the same links. */
export default function DayChart({ days, marks, show }: DayChartProps) {
  const router = useRouter();
  const open = (data: { payload?: ChartDay }) => {
    if (data.payload?.href) router.push(data.payload.href);
  };
  const bar = { isAnimationActive: false, onClick: open, className: "cursor-pointer", maxBarSize: 40 } as const;
  return (
    <ResponsiveContainer width="100%" height={HEIGHTS[show]}>
      <BarChart
        data={[...days]}
        margin={{ top: 16, right: 8, bottom: 0, left: 0 }}
        barCategoryGap={days.length > 120 ? 0 : "15%"}
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis dataKey="day" {...AXIS} tick={TICK} tickFormatter={shortDay} minTickGap={40} />
        <YAxis
          {...AXIS}
          tick={TICK}
          axisLine={false}
          width={52}
          allowDecimals={false}
          domain={[0, "auto"]}
          tickFormatter={shortNumber}
        />
        {gapsOf(days).map(([from, to]) => (
          <ReferenceArea
            key={from}
            x1={from}
            x2={to}
            fill="var(--sunken)"
            stroke="var(--line)"
            strokeDasharray="2 3"
            ifOverflow="visible"
          />
        ))}
        <Tooltip content={DayTooltip} cursor={{ fill: "var(--line)", fillOpacity: 0.4 }} isAnimationActive={false} />
        {show === "sessions" && (
          <Bar dataKey="successes" stackId="sessions" fill="var(--chart-good)" stroke="var(--panel)" {...bar} />
        )}
        <Bar dataKey="failures" stackId="sessions" fill="var(--chart-bad)" stroke="var(--panel)" {...bar} />
        {marks.map((mark) => (
          <ReferenceLine
            key={`${mark.day} ${mark.label}`}
            x={mark.day}
            stroke="var(--text)"
            strokeDasharray="3 3"
            {...(show === "sessions"
              ? { label: { value: mark.label, position: "top", fill: "var(--text)", fontSize: 12 } }
              : {})}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}

function DayTooltip({ active, payload }: { active?: boolean; payload?: readonly { payload?: ChartDay }[] }) {
  const day = payload?.[0]?.payload;
  if (!active || !day) return null;
  const sessions = (day.successes ?? 0) + (day.failures ?? 0);
  return (
    <div className="rounded-md border border-line-strong bg-panel px-3 py-2 text-text text-xs">
      <p className="font-semibold">{formatDay(day.day)}</p>
      {day.successes === null || day.failures === null ? (
        <p>No report</p>
      ) : (
        <p className="tabular-nums">
          {day.failures.toLocaleString("en")} of {sessions.toLocaleString("en")} sessions failed
        </p>
      )}
    </div>
  );
}

/** Runs of days without a report, as first and last day. */
function gapsOf(days: readonly ChartDay[]): [string, string][] {
  const gaps: [string, string][] = [];
  days.forEach((day, index) => {
    if (day.successes !== null) return;
    const last = gaps.at(-1);
    if (last && days[index - 1]?.day === last[1]) last[1] = day.day;
    else gaps.push([day.day, day.day]);
  });
  return gaps;
}

function shortDay(day: string): string {
  return formatDay(day).replace(/ \d{4}$/, "");
}

function shortNumber(value: number): string {
  return new Intl.NumberFormat("en", { notation: "compact" }).format(value);
}
