import { QueryBar } from "#app/query-bar.tsx";
import { dayQuery, type ReportQuery, reportQuery } from "#app/report-query.ts";
import { BarList } from "#components/charts/bar-list.tsx";
import { SessionsFigure } from "#components/charts/sessions-figure.tsx";
import { Rate } from "#components/domains/rate.tsx";
import { EmptyReports } from "#components/reports/empty-reports.tsx";
import { Figures } from "#components/reports/figures.tsx";
import { TypeTabs } from "#components/reports/type-tabs.tsx";
import { Card, Notice } from "#components/ui/card.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { ago, formatDay } from "#components/ui/time.tsx";
import { reportFigures } from "#lib/reports/figures.ts";
import { meaningOf, policyTypeName } from "#lib/standards/token-meanings.ts";
import { visibleText } from "#lib/standards/visible-text.ts";

interface Props {
  domainId: string;
  base: string;
  query: ReportQuery;
  span: { reports: number; first: string | null; last: string | null; lastArrival: Date | null };
  now: Date;
  mayUpload: boolean;
  /** The TLS-RPT record to publish, for who may see the inbox. */
  record: { name: string; value: string } | null;
}

/** What the reports say: figures, sessions per day, failures by result type and by reporter. */
export async function ReportSection({ domainId, base, query, span, now, mayUpload, record }: Props) {
  if (span.reports === 0)
    return (
      <EmptyReports
        uploadHref={mayUpload ? `${base}#add-reports` : null}
        record={record}
        settingsHref={`${base}/settings`}
      />
    );
  const figures = await reportFigures(domainId, query, now, formatDay);
  const { policyType, points, totals, causes, reporters, silent, echoing, narrowed } = figures;
  const shown = { ...query, policyType };
  const here = (change: Parameters<typeof reportQuery>[1]) => `${base}${reportQuery(query, change)}`;
  const rowsPage = narrowed ? "failures" : "reports";
  const days = points.map((point) => ({
    ...{ day: point.day, successes: point.successes, failures: point.failures },
    href: point.reports > 0 ? `${base}/${rowsPage}${dayQuery(shown, point.day)}` : null,
  }));
  return (
    <>
      <div className="space-y-3">
        <QueryBar query={query} path={base} showType={false} />
        <TypeTabs
          current={policyType}
          types={figures.types.map((type) => ({
            ...type,
            name: policyTypeName(type.policyType),
            href: here({ type: type.policyType, result: null, cause: null, mx: null }),
          }))}
        />
      </div>
      <Figures figures={narrowed ? narrowedFigures(figures, span, now) : allFigures(figures, span, now)} />
      {silent.length > 0 && (
        <Notice
          tone="warn"
          title={silent.length === 1 ? "A reporter fell silent" : `${silent.length} reporters fell silent`}
        >
          <p>
            {silent
              .map(
                (reporter) =>
                  `${visibleText(reporter.organization, 80)} (last report for ${formatDay(reporter.lastDay)})`,
              )
              .join(", ")}
            . Perhaps the TLS-RPT record or the mailbox changed.
          </p>
        </Notice>
      )}
      {echoing.length > 0 && (
        <Notice tone="info" title={echoing.length === 1 ? "A reporter hears itself" : "Some reporters hear themselves"}>
          <p>
            {echoing.join(", ")}: every report is about one session that went well, most likely the one that brought the
            report before it. That is no traffic of yours.
          </p>
        </Notice>
      )}
      <Card title={`Sessions under ${policyTypeName(policyType)}`} id="sessions">
        {totals.successes === null ? (
          <NoReportInPeriod last={span.last} href={here({ period: "365", from: null, to: null })} />
        ) : (
          <SessionsFigure days={days} marks={figures.marks} sentence={figures.sentence} failuresOnly={narrowed} />
        )}
      </Card>
      <div className="grid gap-6 md:grid-cols-2">
        <Card title="Failures by result type" id="by-result">
          <BarList
            caption="Failed sessions by result type, most first"
            of="Result type"
            unit="Failed sessions"
            empty="No failure details were reported."
            lines={causes.map((cause) => ({
              key: `${cause.resultType} ${cause.cause}`,
              label: meaningOf(cause.cause),
              token: cause.resultType === cause.cause ? cause.cause : `${cause.resultType} → ${cause.cause}`,
              value: cause.sessions,
              extra: cause.reporters === 1 ? "1 reporter" : `${cause.reporters} reporters`,
              href: `${base}/failures${reportQuery(shown, { result: cause.resultType, cause: cause.cause })}`,
            }))}
          />
        </Card>
        <Card title="Failures by reporter" id="by-reporter">
          <BarList
            caption="Failed sessions by reporting organisation, most first"
            of="Reporter"
            unit="Failed sessions"
            empty="No report came in for this period."
            lines={reporters.map((reporter) => ({
              key: reporter.organization,
              label: reporter.organization,
              token: null,
              value: reporter.failures,
              ...(reporter.sessions === null ? {} : { extra: `of ${reporter.sessions.toLocaleString("en")}` }),
              href: `${base}/${rowsPage}${reportQuery(shown, { reporter: reporter.organization })}`,
            }))}
          />
        </Card>
      </div>
      <p className="text-muted">
        Failure details count sessions by what went wrong; one session can count for several, so that they can add up to
        more than the failed sessions (RFC 8460 §4.4).{" "}
        <TextLink href={`${base}/reports${reportQuery(shown)}`}>All reports of this period</TextLink>
      </p>
    </>
  );
}

type Shown = Awaited<ReturnType<typeof reportFigures>>;

function allFigures({ totals, reporters, silent }: Shown, span: Props["span"], now: Date) {
  const { successes, failures } = totals;
  return [
    { name: "Sessions", value: successes === null || failures === null ? null : successes + failures },
    { name: "Failed sessions", value: failures, note: <Rate successes={successes} failures={failures} /> },
    { name: "Reporters", value: reporters.length, note: silent.length > 0 && `${silent.length} fell silent` },
    lastReport(span, now),
  ];
}

/** With a filter that successes know nothing of there is no rate. */
function narrowedFigures({ detailSessions, reporters, totals }: Shown, span: Props["span"], now: Date) {
  return [
    { name: "Failed sessions of this kind", value: totals.failures === null ? null : detailSessions },
    { name: "Reporters of it", value: reporters.length },
    lastReport(span, now),
  ];
}

function lastReport({ last, lastArrival }: Props["span"], now: Date) {
  return {
    name: "Last report",
    value: last ? formatDay(last) : null,
    note: lastArrival && `came ${ago(lastArrival, now)}`,
  };
}

function NoReportInPeriod({ last, href }: { last: string | null; href: string }) {
  return (
    <p>
      No report came in for this period.{" "}
      {last && (
        <>
          The last one is for {formatDay(last)}. <TextLink href={href}>Show the last 365 days</TextLink>
        </>
      )}
    </p>
  );
}
