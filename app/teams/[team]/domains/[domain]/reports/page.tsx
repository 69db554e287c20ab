import type { Metadata } from "next";
import { leadBack } from "#app/lead-back.ts";
import { type PageProps, readPage } from "#app/page-props.ts";
import { QueryBar } from "#app/query-bar.tsx";
import { type ReportQuery, readReportQuery, reportQuery, rowFilter } from "#app/report-query.ts";
import { domainAccess } from "#app/session.ts";
import { HeldNotice } from "#app/teams/[team]/domains/[domain]/held-notice.tsx";
import { Told } from "#app/told.tsx";
import { EmptyReports } from "#components/reports/empty-reports.tsx";
import { ReportFilter } from "#components/reports/report-filter.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { formatDay } from "#components/ui/time.tsx";
import { may } from "#lib/accounts/roles.ts";
import { hasReports, reportsOf } from "#lib/db/read-reports.ts";
import { recordToPublish } from "#lib/domains/inbox.ts";
import { displayName } from "#lib/standards/domain-name.ts";
import { ReportTable } from "./report-table.tsx";

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
  const { team, role, domain } = await domainAccess(slug, name, "report.view");
  const search = await searchParams;
  const query = readReportQuery(search, new Date());
  const { page, ...range } = readPage(search, SIZE);
  const { from, to } = query.period;
  const { reports, total } = await reportsOf(domain.id, rowFilter(query), range);
  const base = `/teams/${team.slug}/domains/${domain.name}`;
  const maySeeInbox = may(role, "inbox.view");
  if (total === 0 && !(await hasReports(domain.id))) {
    return (
      <>
        <PageHeading title={`${displayName(domain.name)} has no reports yet`} />
        <Told search={search} />
        <EmptyReports
          uploadHref={may(role, "report.upload") ? `${base}#add-reports` : null}
          record={maySeeInbox && !domain.sample ? recordToPublish(domain) : null}
          settingsHref={`${base}/settings`}
        />
      </>
    );
  }
  const here = (change: Parameters<typeof reportQuery>[1]) => `${base}/reports${reportQuery(query, change)}`;
  const pageHref = (other: number) => `${here({})}${reportQuery(query) ? "&" : "?"}page=${other}`;
  leadBack(page, SIZE, total, pageHref);
  const count = total === 1 ? "1 report" : `${total.toLocaleString("en")} reports`;
  const mayVouch = may(role, "report.vouch");
  return (
    <>
      <PageHeading
        title={from === to ? `${count} for ${formatDay(from)}` : `${count} from ${formatDay(from)} to ${formatDay(to)}`}
        aside={
          total > 0 && (
            <ButtonLink
              href={`/api/teams/${team.slug}/domains/${domain.name}/reports.csv${reportQuery(query)}`}
              prefetch={false}
              download
            >
              Download as CSV
            </ButtonLink>
          )
        }
      >
        Each tells of one UTC day of one reporter.
      </PageHeading>
      <Told search={search} />
      <HeldNotice domain={domain} team={team.slug} mayVouch={mayVouch} />
      <div className="space-y-3">
        <QueryBar query={query} path={`${base}/reports`} showType />
        <ReportFilter
          door={query.door}
          outcome={query.outcome}
          keep={Object.fromEntries(new URLSearchParams(reportQuery(query, { door: null, outcome: null })))}
        />
      </div>
      <div>
        {reports.length > 0 ? (
          <>
            <ReportTable
              reports={reports}
              team={team.slug}
              domain={domain.name}
              mayVouch={mayVouch}
              policyType={query.policyType}
            />
            <Pagination page={page} size={SIZE} total={total} what="reports" href={pageHref} />
          </>
        ) : (
          <NoReports query={query} base={base} maySeeInbox={maySeeInbox} />
        )}
      </div>
    </>
  );
}

/** Why the list is empty, of a domain that has reports: the filters, or the period. */
function NoReports({ query, base, maySeeInbox }: { query: ReportQuery; base: string; maySeeInbox: boolean }) {
  const period = reportQuery({ ...query, ...NO_FILTERS });
  const whole = <TextLink href={`${base}/reports?period=365`}>all reports of the last 365 days</TextLink>;
  return reportQuery(query) === period ? (
    <p className="max-w-prose text-muted">
      No reporter has written about these days. Look at {whole}
      {maySeeInbox && (
        <>
          , or <TextLink href={`${base}/settings#heard`}>through which doors reports come</TextLink>
        </>
      )}
      .
    </p>
  ) : (
    <p className="max-w-prose text-muted">
      No report of this period fits the filters. Look at{" "}
      <TextLink href={`${base}/reports${period}`}>those of this period without filters</TextLink>, or at {whole}.
    </p>
  );
}

const NO_FILTERS = {
  ...{ policyType: null, organization: null, resultType: null, cause: null, mx: null },
  ...{ door: null, outcome: null },
};
