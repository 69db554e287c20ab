import Link from "next/link";
import { DomainName } from "#components/ui/domain-name.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { Missing, Table, Td, Th } from "#components/ui/table.tsx";
import { ago, formatDay } from "#components/ui/time.tsx";
import { isStatus } from "#lib/checks/verdict.ts";
import { Rate } from "./rate.tsx";
import { SampleMark } from "./sample-mark.tsx";
import { SortLink } from "./sort-link.tsx";

/** One domain at a glance; null is what is not known yet. */
interface DomainLine {
  name: string;
  sample: boolean;
  worst: string | null;
  checkedAt: Date | null;
  mode: string | null;
  problems: number | null;
  warnings: number | null;
  successes: number | null;
  failures: number | null;
  /** YYYY-MM-DD. */
  lastReport: string | null;
}

type Sort = "name" | "state" | "looked" | "mode" | "failures" | "report";

const COLUMNS: { sort: Sort; label: string; number?: boolean }[] = [
  { sort: "name", label: "Domain" },
  { sort: "state", label: "State" },
  { sort: "looked", label: "Last lookup" },
  { sort: "mode", label: "Policy mode" },
  { sort: "failures", label: "Failed sessions, 7 days", number: true },
  { sort: "report", label: "Last report" },
];

/** A team's domains, one at a glance on each row; each heading leads to another order. */
export function DomainTable(props: {
  team: string;
  domains: readonly DomainLine[];
  sort: Sort;
  descending: boolean;
  /** The address that shows the same in another order. */
  sortHref: (sort: Sort) => string;
  now: Date;
}) {
  const { team, domains, sort, descending, sortHref, now } = props;
  const column = COLUMNS.find((one) => one.sort === sort)?.label.toLowerCase();
  return (
    <Table
      caption={`Domains by ${column}, ${descending ? "descending" : "ascending"}`}
      head={COLUMNS.map(({ sort: by, label, number = false }) => (
        <Th key={by} number={number} aria-sort={by === sort ? (descending ? "descending" : "ascending") : undefined}>
          <SortLink href={sortHref(by)} label={label} direction={by === sort ? (descending ? "down" : "up") : null} />
        </Th>
      ))}
    >
      {domains.map((domain) => (
        <tr key={domain.name}>
          <Td>
            <Link
              href={`/teams/${team}/domains/${domain.name}`}
              prefetch={false}
              className="font-semibold text-accent hover:underline"
            >
              <DomainName name={domain.name} />
            </Link>
            {domain.sample && <SampleMark />}
          </Td>
          <Td>
            <State {...domain} />
          </Td>
          <Td className="whitespace-nowrap">
            {domain.checkedAt ? (
              <time dateTime={domain.checkedAt.toISOString()}>{ago(domain.checkedAt, now)}</time>
            ) : (
              <span className="text-muted">Not yet</span>
            )}
          </Td>
          <Td className="font-mono">{domain.mode ?? <Missing />}</Td>
          <Td number>
            <Rate successes={domain.successes} failures={domain.failures} />
          </Td>
          <Td className="whitespace-nowrap">
            {domain.lastReport ? formatDay(domain.lastReport) : <span className="text-muted">None yet</span>}
          </Td>
        </tr>
      ))}
    </Table>
  );
}

/** The worst of the last lookup, and how much of it there is. */
function State({ worst, problems, warnings }: DomainLine) {
  if (worst === null || !isStatus(worst)) return <span className="text-muted">Not yet</span>;
  const counts = [
    [problems ?? 0, "problem", "problems"] as const,
    [warnings ?? 0, "warning", "warnings"] as const,
  ].filter(([count]) => count > 0);
  return (
    <>
      <StatusBadge status={worst} />
      <span className="block whitespace-nowrap text-muted text-xs">
        {counts.map(([count, one, many]) => `${count} ${count === 1 ? one : many}`).join(", ")}
      </span>
    </>
  );
}
