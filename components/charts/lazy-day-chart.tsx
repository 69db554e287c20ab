"use client";

import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import type { DayChartProps } from "./day-scale.ts";

// The drawing code weighs two thirds of all the rest of the page: it is fetched at the first sign that somebody is there
// for whom it has more to tell than the sketch, and at the latest when the page has long been there.
const Chart = lazy(() => import("./day-chart.tsx"));
const LATEST_MS = 3_000;
const SIGNS = ["pointermove", "touchstart", "scroll", "keydown"] as const;

/** A chart in the place of its sketch, of the same height, so that nothing jumps. */
export function LazyDayChart({ children, ...props }: DayChartProps & { children: ReactNode }) {
  const wanted = useSomebodyThere();
  return (
    <div className={props.show === "sessions" ? "h-[220px]" : "h-[130px]"} aria-hidden="true">
      {wanted ? (
        <Suspense fallback={children}>
          <Chart {...props} />
        </Suspense>
      ) : (
        children
      )}
    </div>
  );
}

/** Whether somebody has moved, touched, scrolled or typed since the page came, or had the time to. */
function useSomebodyThere(): boolean {
  const [there, setThere] = useState(false);
  useEffect(() => {
    const come = () => setThere(true);
    if (navigator.userActivation?.hasBeenActive) come(); // led here by a link of the page before
    for (const sign of SIGNS) window.addEventListener(sign, come, { passive: true, once: true });
    const latest = setTimeout(come, LATEST_MS);
    return () => {
      clearTimeout(latest);
      for (const sign of SIGNS) window.removeEventListener(sign, come);
    };
  }, []);
  return there;
}
