"use client";

import { useRouter } from "next/navigation";
import { Bar, BarChart, CartesianGrid, ReferenceArea, ReferenceLine, Tooltip, XAxis, YAxis } from "recharts";
import { formatDay } from "#components/ui/time.tsx";
import {
  AXIS_HEIGHT,
  AXIS_WIDTH,
  type ChartDay,
  countTicks,
  type DayChartProps,
  gapShare,
  gapsOf,
  HEIGHTS,
  haveEdges,
  labelledDays,
  MARGIN,
  shortDay,
  shortNumber,
} from "./day-scale.ts";

const AXIS = { stroke: "var(--line-strong)", fontSize: 12, tickLine: false } as const;
const TICK = { fill: "var(--muted)", fontSize: 12 } as const;

/** Bars per UTC day. A click on a bar leads to what it counts; the table beside the chart has the same links. */
export default function DayChart(props: DayChartProps) {
  const { days, marks, show } = props;
  const ticks = countTicks(props);
  const router = useRouter();
  const open = (data: { payload?: ChartDay }) => {
    if (data.payload?.href) router.push(data.payload.href);
  };
  const bar = {
    isAnimationActive: false,
    onClick: open,
    className: "cursor-pointer",
    stroke: haveEdges(days.length) ? "var(--panel)" : "none",
  } as const;
  return (
    <BarChart
      responsive
      style={{ width: "100%", height: HEIGHTS[show] }}
      data={[...days]}
      margin={MARGIN}
      barCategoryGap={`${(gapShare(days.length) / 2) * 100}%`}
      accessibilityLayer={false}
    >
      <CartesianGrid vertical={false} stroke="var(--line)" />
      <XAxis
        dataKey="day"
        {...AXIS}
        height={AXIS_HEIGHT}
        tick={TICK}
        ticks={labelledDays(days)}
        interval={0}
        tickFormatter={shortDay}
      />
      <YAxis
        {...AXIS}
        tick={TICK}
        axisLine={false}
        width={AXIS_WIDTH}
        ticks={ticks}
        interval={0}
        domain={[0, ticks.at(-1) ?? 1]}
        tickFormatter={shortNumber}
      />
      {gapsOf(days).map(([from, to]) => (
        <ReferenceArea
          key={from}
          x1={from}
          x2={to}
          fill="var(--sunken)"
          fillOpacity={1}
          stroke="var(--line)"
          strokeDasharray="2 3"
          ifOverflow="visible"
        />
      ))}
      <Tooltip content={DayTooltip} cursor={{ fill: "var(--line)", fillOpacity: 0.4 }} isAnimationActive={false} />
      {show === "sessions" && <Bar dataKey="successes" stackId="sessions" fill="var(--chart-good)" {...bar} />}
      <Bar
        dataKey="failures"
        stackId="sessions"
        fill="var(--chart-bad)"
        minPointSize={(_, index) => leastHeight(days, index)}
        {...bar}
      />
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
  );
}

/** However many succeed, a failure is seen; and only a failure. */
function leastHeight(days: readonly ChartDay[], index: number): number {
  return days[index]?.failures ? (haveEdges(days.length) ? 3 : 1) : 0;
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
