import type { Metadata } from "next";
import { Suspense } from "react";
import type { PageProps } from "#app/page-props.ts";
import { readReportQuery } from "#app/report-query.ts";
import { domainAccess } from "#app/session.ts";
import { UploadBox } from "#components/reports/upload-box.tsx";
import { ActionForm } from "#components/ui/action-form.tsx";
import { Card, Notice } from "#components/ui/card.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { may } from "#lib/accounts/roles.ts";
import { latestLookup } from "#lib/db/lookups.ts";
import { reportSpan } from "#lib/db/read-totals.ts";
import { recordToPublish } from "#lib/domains/inbox.ts";
import { displayName } from "#lib/standards/domain-name.ts";
import { removeSampleAction } from "./actions.ts";
import { HeldNotice } from "./held-notice.tsx";
import { ReportSection } from "./report-section.tsx";
import { RolloutHeading, RolloutSteps } from "./rollout-section.tsx";

type Props = PageProps<{ team: string; domain: string }>;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { team, domain: name } = await params;
  const { domain } = await domainAccess(team, name, "domain.view");
  return { title: displayName(domain.name) };
}

/** Where the domain stands, what its reports say, and what to do next. */
export default async function DomainPage({ params, searchParams }: Props) {
  const { team: slug, domain: name } = await params;
  const { team, role, domain } = await domainAccess(slug, name, "domain.view");
  const now = new Date();
  const query = readReportQuery(await searchParams, now);
  const [stored, span] = await Promise.all([latestLookup(domain.id), reportSpan(domain.id)]);
  const base = `/teams/${team.slug}/domains/${domain.name}`;
  const part = { domain, stored, now };
  return (
    <>
      <Suspense fallback={<h1 className="font-semibold text-xl">{displayName(domain.name)} is being looked up …</h1>}>
        <RolloutHeading {...part} />
      </Suspense>
      {domain.sample && (
        <Notice title="This is sample data">
          <p>Nothing of it was measured. It shows what your own domains will look like.</p>
          {may(role, "sample.change") && (
            <ActionForm
              action={removeSampleAction.bind(null, team.slug, domain.name)}
              submit="Remove the sample data"
              look="secondary"
              className=""
            />
          )}
        </Notice>
      )}
      <HeldNotice domain={domain} team={team.slug} mayVouch={may(role, "report.vouch")} />
      <div className="grid items-start gap-6 lg:grid-cols-[1fr_20rem]">
        <div className="min-w-0 space-y-6">
          <Suspense fallback={<div className="skeleton h-96" />}>
            <ReportSection
              domainId={domain.id}
              base={base}
              query={query}
              span={span}
              now={now}
              mayUpload={may(role, "report.upload")}
              record={may(role, "inbox.view") && !domain.sample ? recordToPublish(domain) : null}
            />
          </Suspense>
        </div>
        <div className="min-w-0 space-y-6">
          <Card title="Rollout" id="rollout">
            <Suspense fallback={<div className="skeleton h-64" />}>
              <RolloutSteps {...part} mayViewInbox={may(role, "inbox.view")} />
            </Suspense>
            <p className="pt-3">
              <TextLink href={`${base}/lookup`}>All findings of the lookup</TextLink>
            </p>
          </Card>
          {may(role, "report.upload") && (
            <Card title="Add reports" id="add-reports">
              <UploadBox action={`/api/teams/${team.slug}/domains/${domain.name}/reports`} base={base} />
            </Card>
          )}
        </div>
      </div>
    </>
  );
}
