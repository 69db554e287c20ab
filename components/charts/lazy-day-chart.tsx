"use client";

import dynamic from "next/dynamic";
import type { DayChartProps } from "./day-chart.tsx";

// The drawing code is fetched after the page: what it shows is in the figures and the table before.
const Chart = dynamic(() => import("./day-chart.tsx"), { ssr: false });

/** A chart of fixed height, so that nothing jumps when it arrives. */
export function LazyDayChart(props: DayChartProps) {
  return (
    <div className={props.show === "sessions" ? "h-[220px]" : "h-[130px]"} aria-hidden="true">
      <Chart {...props} />
    </div>
  );
}
