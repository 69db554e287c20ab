import clsx from "clsx";
import { X } from "lucide-react";
import Link from "next/link";
import { Button } from "#components/ui/button.tsx";
import { Reported } from "#components/ui/reported.tsx";
import { formatDay } from "#components/ui/time.tsx";

/** Choice of the period: presets as links, and days of one's own in a plain GET form. */
export function PeriodFilter(props: {
  presets: { days: number; href: string; current: boolean }[];
  from: string;
  to: string;
  /** Other parts of the address, kept when the form is sent. */
  keep: Record<string, string>;
}) {
  const { presets, from, to, keep } = props;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <nav aria-label="Period" className="flex overflow-hidden rounded-md border border-line-strong">
        {presets.map(({ days, href, current }) => (
          <Link
            key={days}
            href={href}
            scroll={false}
            aria-current={current ? "true" : undefined}
            className={clsx(
              "border-line-strong px-3 py-1 not-first:border-l",
              current ? "bg-accent font-semibold text-on-accent" : "bg-panel hover:bg-sunken",
            )}
          >
            {days} days
          </Link>
        ))}
      </nav>
      <details className="relative">
        <summary className="w-fit rounded-md border border-line-strong bg-panel px-3 py-1 hover:bg-sunken">
          {formatDay(from)} to {formatDay(to)} (UTC)
        </summary>
        <form
          method="get"
          className="absolute z-10 mt-1 flex flex-wrap items-end gap-2 rounded-md border border-line-strong bg-panel p-3 sm:w-max"
        >
          {Object.entries(keep).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <DayInput label="From" name="from" value={from} />
          <DayInput label="To" name="to" value={to} />
          <Button type="submit">Show</Button>
        </form>
      </details>
    </div>
  );
}

function DayInput({ label, name, value }: { label: string; name: string; value: string }) {
  return (
    <label className="space-y-1">
      <span className="block text-muted text-xs">{label}</span>
      <input
        type="date"
        name={name}
        defaultValue={value}
        className="rounded-md border border-line-strong bg-panel px-2 py-1"
      />
    </label>
  );
}

/** The filters in force, each with a link that takes it away. */
export function ActiveFilters({ filters }: { filters: { name: string; value: string; href: string }[] }) {
  if (filters.length === 0) return null;
  return (
    <ul aria-label="Filters" className="flex flex-wrap gap-2">
      {filters.map((filter) => (
        <li key={filter.name}>
          <Link
            href={filter.href}
            scroll={false}
            className="inline-flex max-w-full items-center gap-1.5 rounded-md border border-line-strong px-2 py-0.5 hover:bg-sunken"
          >
            <span className="text-muted">{filter.name}:</span>
            <span className="min-w-0 wrap-anywhere">
              <Reported text={filter.value} most={80} />
            </span>
            <X aria-hidden="true" className="size-3.5 shrink-0" />
            <span className="sr-only">remove this filter</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
