import type { Metadata } from "next";
import { leadBack } from "#app/lead-back.ts";
import { overviewQuery, readOverviewView, sortedBy } from "#app/overview-query.ts";
import { type PageProps, readPage } from "#app/page-props.ts";
import { teamAccess } from "#app/session.ts";
import { DomainFilter } from "#components/domains/domain-filter.tsx";
import { DomainTable } from "#components/domains/domain-table.tsx";
import { LookProgress } from "#components/domains/look-progress.tsx";
import { ActionForm, FormField } from "#components/ui/action-form.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { may } from "#lib/accounts/roles.ts";
import type { Overview } from "#lib/db/domain-overview.ts";
import { overviewOf } from "#lib/domains/overview.ts";
import { addDomainAction, addSampleAction } from "./actions.ts";

type Props = PageProps<{ team: string }>;

/** Rows of a page of the table. */
const SIZE = 100;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { team } = await teamAccess((await params).team, "domain.view");
  return { title: `Domains of ${team.name}` };
}

/** All domains of a team with their state at a glance. */
export default async function DomainsPage({ params, searchParams }: Props) {
  const { team, role } = await teamAccess((await params).team, "domain.view");
  const search = await searchParams;
  const view = readOverviewView(search);
  const { page, ...range } = readPage(search, SIZE);
  const overview = await overviewOf(team.id, { ...view, ...range });
  const { rows, matching, team: all } = overview;
  const base = `/teams/${team.slug}`;
  const href = (other: typeof view, at = 1) => `${base}${overviewQuery(other, at)}`;
  leadBack(page, SIZE, matching, (last) => href(view, last));
  const everything = { ...view, text: null, state: null };
  const mayAdd = may(role, "domain.add");
  return (
    <>
      <PageHeading
        title={headline(team.name, all)}
        aside={
          all.domains > 0 && (
            <>
              {mayAdd && <ButtonLink href={`${base}/domains/add`}>Add many domains</ButtonLink>}
              <ButtonLink href={`/api/teams/${team.slug}/domains.csv${overviewQuery(view)}`} prefetch={false} download>
                Download as CSV
              </ButtonLink>
            </>
          )
        }
      >
        {all.domains === 0 &&
          (mayAdd ? "Add the domain in your mail addresses to begin." : "An operator of the team can add one.")}
      </PageHeading>
      <LookProgress domains={all.domains} waiting={all.waiting} />
      {all.domains > 0 && (
        <div className="space-y-3">
          <DomainFilter
            text={view.text}
            state={view.state}
            keep={Object.fromEntries(new URLSearchParams(overviewQuery(everything)))}
            allHref={href(everything)}
          />
          <div>
            {rows.length > 0 && (
              <DomainTable
                team={team.slug}
                domains={rows}
                sort={view.sort}
                descending={view.descending}
                sortHref={(sort) => href(sortedBy(view, sort))}
                now={new Date()}
              />
            )}
            <Pagination page={page} size={SIZE} total={matching} what="domains" href={(at) => href(view, at)} />
          </div>
        </div>
      )}
      {mayAdd && (
        <div className="grid gap-6 md:grid-cols-2">
          <Card title="Add a domain" id="add-domain">
            <div className="space-y-4">
              <ActionForm action={addDomainAction.bind(null, team.slug)} submit="Add the domain">
                <FormField
                  label="Domain"
                  name="domain"
                  mono
                  required
                  maxLength={500}
                  placeholder="example.org"
                  autoComplete="off"
                  autoCapitalize="none"
                  spellCheck={false}
                  hint="The part after the @ of your mail addresses. Names in any script are fine."
                />
              </ActionForm>
              <p className="text-muted">
                Have you many? <TextLink href={`${base}/domains/add`}>Paste or upload a list</TextLink>.
              </p>
            </div>
          </Card>
          {!all.hasSample && (
            <Card title="Look around first" id="sample">
              <div className="space-y-4">
                <p className="text-muted">
                  A sample domain with 120 days of reports from eight reporters: an expired certificate, a mail host
                  missing from the policy, a reporter that fell silent. One click removes it again.
                </p>
                <ActionForm action={addSampleAction.bind(null, team.slug)} submit="Add sample data" look="secondary" />
              </div>
            </Card>
          )}
        </div>
      )}
    </>
  );
}

function headline(team: string, { domains, broken, waiting }: Overview["team"]): string {
  if (domains === 0) return `${team} has no domains yet`;
  const all = domains === 1 ? "1 domain" : `${domains.toLocaleString("en")} domains`;
  if (broken === 0 && waiting === domains) return `${all}, not looked at yet`;
  if (broken === 0) return `${all}, no problem in the last ${domains === 1 ? "lookup" : "lookups"}`;
  if (broken === domains) return domains === 1 ? "1 domain, and it has a problem" : `All ${all} have a problem`;
  return `${broken.toLocaleString("en")} of ${all} ${broken === 1 ? "has" : "have"} a problem`;
}
