import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { one, type PageProps } from "#app/page-props.ts";
import { domainAccess } from "#app/session.ts";
import { Told } from "#app/told.tsx";
import { doorName } from "#components/reports/doors.ts";
import { ButtonLink } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { Sent } from "#components/ui/table.tsx";
import { formatDay, Time } from "#components/ui/time.tsx";
import { may } from "#lib/accounts/roles.ts";
import { reportWithAll } from "#lib/db/read-reports.ts";
import { retentionOf } from "#lib/db/retention.ts";
import { QUIRKS, type QuirkCode } from "#lib/standards/report-quirks.ts";
import { visibleText } from "#lib/standards/visible-text.ts";
import { AsSentCard } from "./as-sent-card.tsx";
import { PolicyCard } from "./policy-card.tsx";
import { SignatureCard } from "./signature-card.tsx";
import { StateNotices } from "./state-notices.tsx";

type Props = PageProps<{ team: string; domain: string; report: string }>;

/** Asked for by the title and by the page: once is enough. */
const readReport = cache(reportWithAll);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { team, domain: name, report: id } = await params;
  const { domain } = await domainAccess(team, name, "report.view");
  const report = await readReport(domain.id, id);
  return { title: report === null ? "Report" : `${visibleText(report.organization, 60)}, ${formatDay(report.day)}` };
}

/** One report, policy by policy. */
export default async function ReportPage({ params, searchParams }: Props) {
  const { team: slug, domain: name, report: id } = await params;
  const { team, role, domain } = await domainAccess(slug, name, "report.view");
  const [report, { detailDays, rawDays }, search] = await Promise.all([
    readReport(domain.id, id),
    retentionOf(team.id),
    searchParams,
  ]);
  if (report === null) notFound();
  const base = `/teams/${team.slug}/domains/${domain.name}`;
  const here = `${base}/reports/${report.id}`;
  const maySeeRaw = may(role, "raw.download");
  const showsRaw = one(search.show) === "raw";
  return (
    <>
      <PageHeading
        title={
          <span className="break-words">
            Report of <bdi>{visibleText(report.organization, 100)}</bdi> for {formatDay(report.day)}
          </span>
        }
        aside={
          maySeeRaw &&
          report.hasBytes && (
            <>
              {!showsRaw && (
                <ButtonLink href={`${here}?show=raw#as-sent`} prefetch={false}>
                  Show JSON and mail header
                </ButtonLink>
              )}
              <ButtonLink href={`/api${here}/raw`} prefetch={false}>
                Download as it arrived
              </ButtonLink>
            </>
          )
        }
      />
      <Told search={search} />
      <StateNotices
        report={report}
        team={team.slug}
        domain={domain.name}
        mayVouch={may(role, "report.vouch")}
        detailDays={detailDays}
      />
      <Card title="About the report" id="about">
        <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5">
          <Fact name="Report-ID" value={report.reportId} />
          <Fact name="Contact" value={report.contact} />
          <dt className="text-muted">Range</dt>
          <dd>
            <Time at={report.beginAt} /> to <Time at={report.endAt} />
          </dd>
          <dt className="text-muted">Received</dt>
          <dd>
            <Time at={report.receivedAt} /> by {doorName(report.door)}
          </dd>
          <Fact name="File" value={report.fileName} />
          {!report.hasBytes && (
            <>
              <dt className="text-muted">Download</dt>
              <dd>{goneSince(report.receivedAt, rawDays, new Date())}</dd>
            </>
          )}
          <dt className="text-muted">Quirks</dt>
          <dd>
            <Quirks quirks={report.quirks} />
          </dd>
        </dl>
      </Card>
      <SignatureCard {...report} />
      {report.policies.map((policy) => (
        <PolicyCard
          key={policy.position}
          policy={policy}
          allFailures={report.counted ? failuresOf(base, report, policy.type) : null}
        />
      ))}
      {maySeeRaw && report.hasBytes && showsRaw && (
        <AsSentCard domainId={domain.id} id={report.id} contentHash={report.contentHash} />
      )}
    </>
  );
}

/** Where the failures that a report tells of are listed, with those of the reporter's other reports of the day. */
function failuresOf(base: string, { day, organization }: { day: string; organization: string }, type: string): string {
  return `${base}/failures?${new URLSearchParams({ from: day, to: day, reporter: organization, type })}`;
}

/** Since when the file is not there; the team may have kept files for a shorter time before. */
function goneSince(receivedAt: Date, rawDays: number, now: Date): string {
  const end = new Date(receivedAt.getTime() + rawDays * 86_400_000);
  const kept = `files as they arrived are kept for ${rawDays.toLocaleString("en")} days`;
  return end < now
    ? `Not since ${formatDay(end.toISOString().slice(0, 10))}: ${kept}.`
    : `Not any more: it was removed when the team kept files for a shorter time; now ${kept}.`;
}

function Quirks({ quirks }: { quirks: readonly string[] }) {
  if (quirks.length === 0) return "None: the report follows RFC 8460.";
  return (
    <ul className="space-y-1">
      {quirks.map((quirk) => (
        <li key={quirk}>
          {quirk in QUIRKS ? QUIRKS[quirk as QuirkCode].meaning : ""}{" "}
          <span className="font-mono text-muted text-xs">{quirk}</span>
        </li>
      ))}
    </ul>
  );
}

/** Longer than in a list: this is the page that shows what was sent. */
const MOST = 1_000;

function Fact({ name, value }: { name: string; value: string | null }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="font-mono wrap-anywhere">
        <Sent value={value} most={MOST} />
      </dd>
    </>
  );
}
