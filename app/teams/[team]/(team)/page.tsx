import type { Metadata } from "next";
import type { PageProps } from "#app/page-props.ts";
import { teamAccess } from "#app/session.ts";
import { DomainTable } from "#components/domains/domain-table.tsx";
import { ActionForm, FormField } from "#components/ui/action-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { may } from "#lib/accounts/roles.ts";
import { type DomainSummary, domainSummaries } from "#lib/db/domains.ts";
import { addDomainAction, addSampleAction } from "./actions.ts";

type Props = PageProps<{ team: string }>;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { team } = await teamAccess((await params).team, "domain.view");
  return { title: `Domains of ${team.name}` };
}

/** All domains of a team with their state at a glance. */
export default async function DomainsPage({ params }: Props) {
  const { team, role } = await teamAccess((await params).team, "domain.view");
  const domains = await domainSummaries(team.id);
  const mayAdd = may(role, "domain.add");
  return (
    <>
      <PageHeading title={headline(team.name, domains)}>
        {domains.length === 0 &&
          (mayAdd ? "Add the domain in your mail addresses to begin." : "An operator of the team can add one.")}
      </PageHeading>
      {domains.length > 0 && <DomainTable team={team.slug} domains={domains} now={new Date()} />}
      {mayAdd && (
        <div className="grid gap-6 md:grid-cols-2">
          <Card title="Add a domain" id="add-domain">
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
          </Card>
          {!domains.some((domain) => domain.sample) && (
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

function headline(team: string, domains: readonly DomainSummary[]): string {
  if (domains.length === 0) return `${team} has no domains yet`;
  const broken = domains.filter((domain) => domain.worst === "fail").length;
  const all = domains.length === 1 ? "1 domain" : `${domains.length.toLocaleString("en")} domains`;
  if (broken === 0) return `${all}, no problem in the last ${domains.length === 1 ? "lookup" : "lookups"}`;
  if (broken === domains.length)
    return domains.length === 1 ? "1 domain, and it has a problem" : `All ${all} have a problem`;
  return `${broken} of ${all} ${broken === 1 ? "has" : "have"} a problem`;
}
