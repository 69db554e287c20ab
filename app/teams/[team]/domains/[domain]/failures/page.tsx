import type { Metadata } from "next";
import Link from "next/link";
import { leadBack } from "#app/lead-back.ts";
import { type PageProps, readPage } from "#app/page-props.ts";
import { QueryBar } from "#app/query-bar.tsx";
import { readReportQuery, reportQuery, rowFilter } from "#app/report-query.ts";
import { domainAccess } from "#app/session.ts";
import { ButtonLink } from "#components/ui/button.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { Reported } from "#components/ui/reported.tsx";
import { Sent, Table, Td, Th } from "#components/ui/table.tsx";
import { formatDay } from "#components/ui/time.tsx";
import { failuresOf } from "#lib/db/read-reports.ts";
import { displayName } from "#lib/standards/domain-name.ts";
import { meaningOf } from "#lib/standards/token-meanings.ts";
import { visibleText } from "#lib/standards/visible-text.ts";

type Props = PageProps<{ team: string; domain: string }>;

const SIZE = 50;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { team, domain: name } = await params;
  const { domain } = await domainAccess(team, name, "report.view");
  return { title: `${displayName(domain.name)} · Failures` };
}

/** The failures that a bar counts, each with the report that it stands in. */
export default async function FailuresPage({ params, searchParams }: Props) {
  const { team: slug, domain: name } = await params;
  const { team, domain } = await domainAccess(slug, name, "report.view");
  const search = await searchParams;
  const query = readReportQuery(search, new Date());
  const { page, ...range } = readPage(search, SIZE);
  const { from, to } = query.period;
  const { failures, total, sessions } = await failuresOf(domain.id, rowFilter(query), range);
  const base = `/teams/${team.slug}/domains/${domain.name}`;
  const here = (change: Parameters<typeof reportQuery>[1]) => `${base}/failures${reportQuery(query, change)}`;
  const pageHref = (other: number) => `${here({})}${reportQuery(query) ? "&" : "?"}page=${other}`;
  leadBack(page, SIZE, total, pageHref);
  const period = from === to ? `for ${formatDay(from)}` : `from ${formatDay(from)} to ${formatDay(to)}`;
  return (
    <>
      <PageHeading
        title={
          total === 0 ? `No failure details ${period}` : `${sessions.toLocaleString("en")} failed sessions ${period}`
        }
        aside={
          total > 0 && (
            <ButtonLink
              href={`/api/teams/${team.slug}/domains/${domain.name}/failures.csv${reportQuery(query)}`}
              prefetch={false}
              download
            >
              Download as CSV
            </ButtonLink>
          )
        }
      >
        {total > 0 && "As the failure details of the reports count them: one session can stand under several."}
      </PageHeading>
      <div className="space-y-3">
        <QueryBar query={query} path={`${base}/failures`} showType />
      </div>
      <div>
        {failures.length > 0 && (
          <Table
            caption="Failures, the latest day first, most sessions first within a day"
            head={
              <>
                <Th>Day (UTC)</Th>
                <Th>Reporter</Th>
                <Th>Result</Th>
                <Th>Mail host</Th>
                <Th>Sending address</Th>
                <Th>Reason as sent</Th>
                <Th number>Sessions</Th>
              </>
            }
          >
            {failures.map((failure, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: one report can hold the same failure twice; the list never moves.
              <tr key={index}>
                <Td className="whitespace-nowrap">
                  <Link href={`${base}/reports/${failure.reportId}`} className="text-accent hover:underline">
                    {formatDay(failure.day)}
                    <span className="sr-only"> by {visibleText(failure.organization, 80)}</span>
                  </Link>
                </Td>
                <Td className="max-w-48 break-words">
                  <Reported text={failure.organization} most={80} />
                </Td>
                <Td>
                  {meaningOf(failure.cause)}
                  <span className="block break-all font-mono text-muted text-xs">
                    <Reported text={failure.resultType} most={80} />
                  </span>
                </Td>
                <Td className="break-all font-mono">
                  <Sent value={failure.mx} />
                </Td>
                <Td className="break-all font-mono">
                  <Sent value={failure.sendingIp} />
                </Td>
                <Td className="max-w-64 break-words">
                  <Sent value={failure.reason} />
                </Td>
                <Td number>{failure.sessions.toLocaleString("en")}</Td>
              </tr>
            ))}
          </Table>
        )}
        <Pagination page={page} size={SIZE} total={total} what="failures" href={pageHref} />
      </div>
    </>
  );
}
