import type { Metadata } from "next";
import Link from "next/link";
import { leadBack } from "#app/lead-back.ts";
import { type PageProps, readPage } from "#app/page-props.ts";
import { QueryBar } from "#app/query-bar.tsx";
import { readReportQuery, reportQuery } from "#app/report-query.ts";
import { domainAccess } from "#app/session.ts";
import { Rate } from "#components/domains/rate.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { Table, Td, Th } from "#components/ui/table.tsx";
import { formatDay, Time } from "#components/ui/time.tsx";
import { reportsOf } from "#lib/db/read-reports.ts";
import { displayName } from "#lib/standards/domain-name.ts";
import { policyTypeName } from "#lib/standards/token-meanings.ts";

type Props = PageProps<{ team: string; domain: string }>;

const SIZE = 50;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { team, domain: name } = await params;
  const { domain } = await domainAccess(team, name, "report.view");
  return { title: `${displayName(domain.name)} · Reports` };
}

/** The reports that a chart counts, or all of them. */
export default async function ReportsPage({ params, searchParams }: Props) {
  const { team: slug, domain: name } = await params;
  const { team, domain } = await domainAccess(slug, name, "report.view");
  const search = await searchParams;
  const query = readReportQuery(search, new Date());
  const { page, ...range } = readPage(search, SIZE);
  const { from, to } = query.period;
  const { reports, total } = await reportsOf(domain.id, { ...query, from, to }, range);
  const base = `/teams/${team.slug}/domains/${domain.name}`;
  const here = (change: Parameters<typeof reportQuery>[1]) => `${base}/reports${reportQuery(query, change)}`;
  const pageHref = (other: number) => `${here({})}${reportQuery(query) ? "&" : "?"}page=${other}`;
  leadBack(page, SIZE, total, pageHref);
  const count = total === 1 ? "1 report" : `${total.toLocaleString("en")} reports`;
  return (
    <>
      <PageHeading
        title={from === to ? `${count} for ${formatDay(from)}` : `${count} from ${formatDay(from)} to ${formatDay(to)}`}
      >
        Each tells of one UTC day of one reporter.
      </PageHeading>
      <div className="space-y-3">
        <QueryBar query={query} path={`${base}/reports`} showType />
      </div>
      <div>
        {reports.length > 0 && (
          <Table
            caption="Reports, the latest day first"
            head={
              <>
                <Th>Day (UTC)</Th>
                <Th>Reporter</Th>
                <Th>Policies</Th>
                <Th number>Failed sessions</Th>
                <Th>Received</Th>
                <Th>Remarks</Th>
              </>
            }
          >
            {reports.map((report) => (
              <tr key={report.id}>
                <Td className="whitespace-nowrap">
                  <Link href={`${base}/reports/${report.id}`} className="text-accent hover:underline">
                    {formatDay(report.day)}
                    <span className="sr-only"> by {report.organization}</span>
                  </Link>
                </Td>
                <Td className="break-words">{report.organization}</Td>
                <Td>{report.policyTypes.map(policyTypeName).join(", ")}</Td>
                <Td number>
                  <Rate successes={report.successes} failures={report.failures} />
                </Td>
                <Td>
                  <Time at={report.receivedAt} />
                </Td>
                <Td className="text-muted">{remarks(report.counted, report.quirks.length)}</Td>
              </tr>
            ))}
          </Table>
        )}
        <Pagination page={page} size={SIZE} total={total} what="reports" href={pageHref} />
      </div>
    </>
  );
}

function remarks(counted: boolean, quirks: number): string {
  const parts = [
    !counted && "replaced by a later revision",
    quirks > 0 && (quirks === 1 ? "1 quirk" : `${quirks} quirks`),
  ].filter((part) => part !== false);
  return parts.join(", ");
}
