import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { PageProps } from "#app/page-props.ts";
import { domainAccess } from "#app/session.ts";
import { LookupSummary, LookupView } from "#components/lookup/lookup-view.tsx";
import { DifferenceTable } from "#components/lookup-history/difference-table.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { formatDay, Time } from "#components/ui/time.tsx";
import { CHECKS } from "#lib/checks/verdict.ts";
import { storedLookup } from "#lib/db/lookups.ts";
import { differenceToNow } from "#lib/lookups/history.ts";
import { alikeChanges, wordsOfChange } from "#lib/lookups/history-words.ts";
import { displayName } from "#lib/standards/domain-name.ts";

type Props = PageProps<{ team: string; domain: string; lookup: string }>;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { team, domain: name } = await params;
  const { domain } = await domainAccess(team, name, "domain.view");
  return { title: `${displayName(domain.name)} · Past lookup` };
}

/** A lookup as it was, and what is different now. */
export default async function PastLookupPage({ params }: Props) {
  const { team: slug, domain: name, lookup: id } = await params;
  const { team, domain } = await domainAccess(slug, name, "domain.view");
  const [stored, difference] = await Promise.all([storedLookup(domain.id, id), differenceToNow(domain.id, id)]);
  if (stored === null || difference === null) notFound();
  const { verdicts, facts, checkedAt } = stored;
  const checks = new Map(CHECKS.map((check) => [check, verdicts.filter((verdict) => verdict.check === check)]));
  const lookup = { domain: domain.name, checks, facts };
  const base = `/teams/${team.slug}/domains/${domain.name}`;
  return (
    <>
      <PageHeading
        title={`What senders found for ${displayName(domain.name)} on ${formatDay(checkedAt.toISOString().slice(0, 10))}`}
        aside={
          <>
            <ButtonLink href={`${base}/history`}>History</ButtonLink>
            <ButtonLink href={`${base}/lookup`}>Last lookup</ButtonLink>
          </>
        }
      >
        <LookupSummary lookup={lookup} />
      </PageHeading>
      <p className="text-muted">
        Looked at <Time at={checkedAt} now={new Date()} />. Findings and facts stand here as they were judged that day.
      </p>
      <Card title="What is different now" id="difference">
        {difference.isLast ? (
          <p className="text-muted">This is the last lookup.</p>
        ) : difference.changes.length === 0 ? (
          <p className="text-muted">
            Nothing of what Sealpost compares: the last lookup, of <Time at={difference.lastAt} />, saw the same.
          </p>
        ) : (
          <DifferenceTable changes={alikeChanges(difference.changes).map(wordsOfChange)} />
        )}
      </Card>
      <LookupView lookup={lookup} />
    </>
  );
}
