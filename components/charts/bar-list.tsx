import Link from "next/link";
import { Reported } from "#components/ui/reported.tsx";
import { ScrollBox } from "#components/ui/scroll-box.tsx";

/** One bar: what it counts, how much, and where the counted rows are. */
export interface BarLine {
  key: string;
  label: string;
  /** The token as sent, in mono, where it differs from the label. */
  token: string | null;
  value: number;
  /** Said beside the value, e.g. the sessions that the failures are part of. */
  extra?: string;
  href: string;
}

/** Sorted horizontal bars: a table with its counts drawn, so that it needs no second form for assistive technology. */
export function BarList(props: {
  caption: string;
  of: string;
  unit: string;
  lines: readonly BarLine[];
  empty: string;
}) {
  const { caption, of, unit, lines, empty } = props;
  if (lines.length === 0) return <p className="text-muted">{empty}</p>;
  const most = Math.max(...lines.map((line) => line.value), 1);
  const first = lines.slice(0, FIRST);
  const others = lines.slice(FIRST);
  return (
    <div className="space-y-2">
      <Bars caption={caption} of={of} unit={unit} most={most} lines={first} />
      {others.length > 0 && (
        <details>
          <summary className="w-fit text-muted hover:underline">{others.length.toLocaleString("en")} more</summary>
          <Bars caption={`${caption}, the rest`} of={of} unit={unit} most={most} lines={others} />
        </details>
      )}
    </div>
  );
}

/** Of hundreds of reporters most have nothing to tell; the page goes on below them. */
const FIRST = 15;

function Bars(props: { caption: string; of: string; unit: string; lines: readonly BarLine[]; most: number }) {
  const { caption, of, unit, lines, most } = props;
  return (
    <ScrollBox label={caption}>
      <table className="w-full border-collapse">
        <caption className="sr-only">{caption}</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">{of}</th>
            <th scope="col">{unit}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.key} className="group">
              <th scope="row" className="py-1.5 pr-3 text-left align-top font-normal">
                <Link href={line.href} className="break-words hover:underline">
                  <Reported text={line.label} />
                </Link>
                {line.token && (
                  <span className="block font-mono text-muted text-xs wrap-anywhere">
                    <Reported text={line.token} />
                  </span>
                )}
                <span aria-hidden="true" className="mt-1 block h-2 rounded-md bg-sunken">
                  {line.value > 0 && (
                    <span
                      className="block h-2 min-w-0.5 rounded-md bg-chart-bad"
                      style={{ width: `${(line.value / most) * 100}%` }}
                    />
                  )}
                </span>
              </th>
              <td className="whitespace-nowrap py-1.5 text-right align-top tabular-nums">
                {line.value.toLocaleString("en")}
                {line.extra && <span className="block text-muted text-xs">{line.extra}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
