import type { Metadata } from "next";
import type { PageProps } from "#app/page-props.ts";
import { teamAccess } from "#app/session.ts";
import { Told } from "#app/told.tsx";
import { ActionForm, FormField } from "#components/ui/action-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { may } from "#lib/accounts/roles.ts";
import { renameTeamAction } from "./actions.ts";
import { MailReportsCard } from "./mail-reports-card.tsx";
import { RetentionCard } from "./retention-card.tsx";

export const metadata: Metadata = { title: "Team settings" };

export default async function TeamSettingsPage({ params, searchParams }: PageProps<{ team: string }>) {
  const { team, role } = await teamAccess((await params).team, "team.rename");
  const search = await searchParams;
  return (
    <>
      <PageHeading title="Team settings" />
      <Told search={search} />
      <Card title="Name" id="team-name" className="max-w-2xl">
        <ActionForm action={renameTeamAction.bind(null, team.slug)} submit="Change the name" look="secondary">
          <FormField label="Team name" name="team" required maxLength={100} defaultValue={team.name} />
        </ActionForm>
      </Card>
      {may(role, "team.reports") && <MailReportsCard team={team} />}
      {may(role, "team.retention") && <RetentionCard team={team} search={search} />}
    </>
  );
}
