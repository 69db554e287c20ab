import Link from "next/link";
import { percent } from "#components/domains/rate.tsx";
import { Table, Td, Th } from "#components/ui/table.tsx";
import { formatDay } from "#components/ui/time.tsx";
import type { ChartDay, ChartMark, DayChartProps } from "./day-scale.ts";
import { DaySketch } from "./day-sketch.tsx";
import { LazyDayChart } from "./lazy-day-chart.tsx";

/** Sessions per day, failures again on their own from zero, the sentence that they tell, and all of it as a table. */
export function SessionsFigure(props: {
  days: readonly ChartDay[];
  marks: readonly ChartMark[];
  sentence: string;
  /** With a filter that successes know nothing of. */
  failuresOnly: boolean;
}) {
  const { days, marks, sentence, failuresOnly } = props;
  return (
    <figure className="space-y-3">
      <figcaption>{sentence}</figcaption>
      {!failuresOnly && (
        <>
          <ChartTitle text="Sessions per day" />
          <Chart days={days} marks={marks} show="sessions" />
        </>
      )}
      <ChartTitle text="Failed sessions per day" failedOnly />
      <Chart days={days} marks={marks} show="failures" />
      <details>
        <summary className="w-fit text-muted hover:underline">Show as table</summary>
        <div className="max-h-96 overflow-y-auto pt-2">
          <DayTable days={days} />
        </div>
      </details>
    </figure>
  );
}

function Chart(props: DayChartProps) {
  return (
    <LazyDayChart {...props}>
      <DaySketch {...props} />
    </LazyDayChart>
  );
}

function ChartTitle({ text, failedOnly }: { text: string; failedOnly?: boolean }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 text-xs">
      <p className="font-semibold">{text}</p>
      <ul aria-label="Colours" className="flex gap-4 text-muted">
        {!failedOnly && <Key colour="bg-chart-good" text="Successful" />}
        <Key colour="bg-chart-bad" text="Failed" />
        <Key colour="border border-dashed border-line-strong bg-sunken" text="No report" />
      </ul>
    </div>
  );
}

function Key({ colour, text }: { colour: string; text: string }) {
  return (
    <li className="flex items-center gap-1.5">
      <span aria-hidden="true" className={`size-3 rounded-md ${colour}`} />
      {text}
    </li>
  );
}

function DayTable({ days }: { days: readonly ChartDay[] }) {
  return (
    <Table
      fits
      caption="Sessions per day (UTC)"
      head={
        <>
          <Th>Day</Th>
          <Th number>Successful</Th>
          <Th number>Failed</Th>
          <Th number>Share</Th>
        </>
      }
    >
      {days.toReversed().map(({ day, successes, failures, href }) => (
        <tr key={day}>
          <Td>
            {href ? (
              <Link href={href} className="text-accent hover:underline">
                {formatDay(day)}
              </Link>
            ) : (
              formatDay(day)
            )}
          </Td>
          {successes === null || failures === null ? (
            <Td colSpan={3} className="text-right text-muted">
              No report
            </Td>
          ) : (
            <>
              <Td number>{successes.toLocaleString("en")}</Td>
              <Td number>{failures.toLocaleString("en")}</Td>
              <Td number>{successes + failures === 0 ? "-" : percent(failures, successes + failures)}</Td>
            </>
          )}
        </tr>
      ))}
    </Table>
  );
}
