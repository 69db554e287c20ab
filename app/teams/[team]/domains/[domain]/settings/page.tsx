import type { Metadata } from "next";
import { one, type PageProps } from "#app/page-props.ts";
import { domainAccess } from "#app/session.ts";
import { removeDomainAction } from "#app/teams/[team]/domains/[domain]/actions.ts";
import { Told } from "#app/told.tsx";
import { ActionForm, FormField } from "#components/ui/action-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { Time } from "#components/ui/time.tsx";
import { may } from "#lib/accounts/roles.ts";
import { displayName } from "#lib/standards/domain-name.ts";
import { BadgeCard } from "./badge-card.tsx";
import { HeardCard } from "./heard-card.tsx";
import { InboxCard } from "./inbox-card.tsx";

type Props = PageProps<{ team: string; domain: string }>;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { team, domain: name } = await params;
  const { domain } = await domainAccess(team, name, "domain.view");
  return { title: `${displayName(domain.name)} · Settings` };
}

/** The domain's inbox, and how to remove it. */
export default async function DomainSettingsPage({ params, searchParams }: Props) {
  const { team: slug, domain: name } = await params;
  const { team, role, domain } = await domainAccess(slug, name, "domain.view");
  const display = displayName(domain.name);
  const search = await searchParams;
  const now = new Date();
  return (
    <>
      <PageHeading title={`Settings of ${display}`}>
        Added <Time at={domain.createdAt} />.
      </PageHeading>
      <Told search={search} />
      {!(domain.sample ? may(role, "domain.remove") : may(role, "inbox.view")) && (
        <p className="max-w-prose text-muted">
          {domain.sample
            ? "Sample data has no settings."
            : "Operators of the team see here where reports are delivered, and owners and admins what else can be set."}
        </p>
      )}
      {may(role, "inbox.view") && !domain.sample && (
        <>
          <InboxCard
            team={team.slug}
            domain={domain}
            first={one(search.first) === "mail" ? "mail" : "https"}
            mayRotate={may(role, "inbox.rotate")}
            now={now}
          />
          <HeardCard domain={domain} base={`/teams/${team.slug}/domains/${domain.name}`} now={now} />
        </>
      )}
      {may(role, "badge.change") && !domain.sample && (
        <BadgeCard team={team.slug} name={domain.name} isOn={domain.badge} />
      )}
      {may(role, "domain.remove") && (
        <Card title="Remove the domain" id="remove" className="max-w-2xl">
          <ActionForm
            action={removeDomainAction.bind(null, team.slug, domain.name)}
            submit="Remove the domain"
            look="danger"
          >
            <p>
              This removes {display} with all its reports, raw files and lookups from this team, for ever. What is
              published in DNS stays as it is.
            </p>
            <FormField label={`Type ${display} to confirm`} name="confirm" mono autoComplete="off" required />
          </ActionForm>
        </Card>
      )}
    </>
  );
}
