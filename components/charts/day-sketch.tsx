import {
  AXIS_HEIGHT,
  AXIS_WIDTH,
  type ChartDay,
  countTicks,
  type DayChartProps,
  gapShare,
  gapsOf,
  HEIGHTS,
  labelledDays,
  MARGIN,
  shortDay,
  shortNumber,
} from "./day-scale.ts";

const UNITS = 1_000;
/** About a pixel, so that the smallest count is seen. */
const LEAST = 8;

/** The bars as the server draws them: there at once and without scripts; the chart that answers the mouse comes later. */
export function DaySketch(props: DayChartProps) {
  const { days, marks, show } = props;
  const ticks = countTicks(props);
  const top = ticks.at(-1) ?? 1;
  const placeOf = new Map(days.map(({ day }, index) => [day, index]));
  const across = (day: string, shift: number) => `${(((placeOf.get(day) ?? 0) + shift) / days.length) * 100}%`;
  return (
    <div className="relative text-muted text-xs" style={{ height: HEIGHTS[show] }}>
      <div className="absolute" style={{ left: AXIS_WIDTH, right: MARGIN.right, top: MARGIN.top, bottom: AXIS_HEIGHT }}>
        {ticks.map((tick) => (
          <div
            key={tick}
            className={`absolute inset-x-0 border-t ${tick === 0 ? "border-line-strong" : "border-line"}`}
            style={{ bottom: `${(tick / top) * 100}%` }}
          >
            <span className="-translate-y-1/2 absolute right-full pr-2">{shortNumber(tick)}</span>
          </div>
        ))}
        <svg
          viewBox={`0 0 ${days.length} ${UNITS}`}
          preserveAspectRatio="none"
          className="absolute inset-0 size-full"
          aria-hidden="true"
        >
          {gapsOf(days).map(([from, to]) => (
            <rect
              key={from}
              x={placeOf.get(from)}
              width={(placeOf.get(to) ?? 0) - (placeOf.get(from) ?? 0) + 1}
              height={UNITS}
              className="fill-sunken"
            />
          ))}
          {show === "sessions" && (
            <path className="fill-chart-good" d={bars(days, top, (day) => [0, day.successes ?? 0])} />
          )}
          <path
            className="fill-chart-bad"
            d={bars(days, top, (day) => [show === "sessions" ? (day.successes ?? 0) : 0, day.failures ?? 0])}
          />
        </svg>
        {marks.map(({ day, label }) => (
          <div
            key={`${day} ${label}`}
            className="absolute inset-y-0 border-text border-l border-dashed"
            style={{ left: across(day, 0.5) }}
          />
        ))}
        {labelledDays(days).map((day) => (
          <span
            key={day}
            className="-translate-x-1/2 absolute top-full whitespace-nowrap pt-1.5"
            style={{ left: across(day, 0.5) }}
          >
            {shortDay(day)}
          </span>
        ))}
      </div>
    </div>
  );
}

/** One path for a row of bars; each stands on a count and has a count as its height. */
function bars(days: readonly ChartDay[], top: number, of: (day: ChartDay) => [number, number]): string {
  const gap = gapShare(days.length);
  const drawn = days.flatMap((day, index) => {
    const [from, height] = of(day);
    if (height === 0) return [];
    const y = Math.round(UNITS * (1 - from / top));
    const up = Math.max(LEAST, Math.round((UNITS * height) / top));
    return [`M${(index + gap / 2).toFixed(2)} ${y}v${-up}h${(1 - gap).toFixed(2)}v${up}z`];
  });
  return drawn.join("");
}
