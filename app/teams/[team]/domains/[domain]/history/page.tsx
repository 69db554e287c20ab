import type { Metadata } from "next";
import { leadBack } from "#app/lead-back.ts";
import { type PageProps, readPage } from "#app/page-props.ts";
import { domainAccess } from "#app/session.ts";
import { ChangeDays } from "#components/lookup-history/change-days.tsx";
import { LookupTable } from "#components/lookup-history/lookup-table.tsx";
import { PolicyTable } from "#components/lookup-history/policy-table.tsx";
import { Card } from "#components/ui/card.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { formatDay } from "#components/ui/time.tsx";
import { changesOf } from "#lib/db/changes.ts";
import { lookupsOf } from "#lib/db/lookups.ts";
import { policyLedger } from "#lib/db/policy-ledger.ts";
import { wordsOfPolicy } from "#lib/lookups/history-values.ts";
import { changesByLookup } from "#lib/lookups/history-words.ts";
import { displayName } from "#lib/standards/domain-name.ts";

type Props = PageProps<{ team: string; domain: string }>;

const CHANGES = 50;
const LOOKUPS = 25;
/** Few domains ever have more; the ledger itself keeps all. */
const POLICIES = 20;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { team, domain: name } = await params;
  const { domain } = await domainAccess(team, name, "domain.view");
  return { title: `${displayName(domain.name)} · History` };
}

/** What changed at the domain and when, by which policies it went, and each lookup as it was. */
export default async function HistoryPage({ params, searchParams }: Props) {
  const { team: slug, domain: name } = await params;
  const { team, domain } = await domainAccess(slug, name, "domain.view");
  const query = await searchParams;
  const { page: changePage, ...changeRange } = readPage(query, CHANGES);
  const { page: lookupPage, ...lookupRange } = readPage({ page: query.lookups }, LOOKUPS);
  const [{ changes, total }, lookups, policies] = await Promise.all([
    changesOf(domain.id, changeRange),
    lookupsOf(domain.id, lookupRange),
    policyLedger(domain.id, POLICIES),
  ]);
  const base = `/teams/${team.slug}/domains/${domain.name}/history`;
  const href = (page: number, list: number) => `${base}?page=${page}&lookups=${list}`;
  leadBack(changePage, CHANGES, total, (last) => href(last, lookupPage));
  leadBack(lookupPage, LOOKUPS, lookups.total, (last) => href(changePage, last));
  return (
    <>
      <PageHeading title={titleOf(displayName(domain.name), total, lookups)}>
        Each lookup is compared with what was seen before it. What could not be seen is no change.
      </PageHeading>
      <Card title="Changes" id="changes">
        {total === 0 ? (
          <p className="text-muted">
            {lookups.total < 2
              ? "There is nothing to compare yet. Registered domains are looked at every day."
              : "Mail hosts, addresses, certificates, records and policy are what they were at the first lookup."}
          </p>
        ) : (
          <>
            <ChangeDays lookups={changesByLookup(changes)} base={base} />
            <Pagination
              page={changePage}
              size={CHANGES}
              total={total}
              what="changes"
              href={(other) => href(other, lookupPage)}
            />
          </>
        )}
      </Card>
      {policies.length > 0 && (
        <Card title="Policies seen" id="policies">
          <PolicyTable policies={policies.map(wordsOfPolicy)} now={new Date()} />
          <p className="max-w-prose pt-3 text-muted">
            A sender keeps a version for its max_age from when it fetched it last. Sealpost looks once a day, so that a
            version can have been served up to a day longer than it was seen.
            {policies.length === POLICIES && ` The last ${POLICIES} versions are shown.`}
          </p>
        </Card>
      )}
      <Card title="Lookups" id="lookups">
        {lookups.total === 0 ? (
          <p className="text-muted">
            The domain has not been looked at yet.{" "}
            <TextLink href={`/teams/${team.slug}/domains/${domain.name}/lookup`}>Look now</TextLink>
          </p>
        ) : (
          <>
            <LookupTable lookups={lookups.lookups} base={base} />
            <Pagination
              page={lookupPage}
              size={LOOKUPS}
              total={lookups.total}
              what="lookups"
              href={(other) => href(changePage, other)}
            />
            <p className="max-w-prose pt-3 text-muted">
              All lookups of the last 30 days are kept; of earlier days the last one, and each that saw a change.
            </p>
          </>
        )}
      </Card>
    </>
  );
}

function titleOf(display: string, changes: number, lookups: { total: number; since: Date | null }): string {
  if (lookups.since === null) return `${display} has not been looked at yet`;
  const since = formatDay(lookups.since.toISOString().slice(0, 10));
  if (lookups.total === 1) return `${display} was looked at once, on ${since}`;
  if (changes === 0) return `Nothing has changed at ${display} since ${since}`;
  return `${changes === 1 ? "1 change" : `${changes.toLocaleString("en")} changes`} at ${display} since ${since}`;
}
