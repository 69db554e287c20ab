import type { Metadata } from "next";
import type { PageProps } from "#app/page-props.ts";
import { teamAccess } from "#app/session.ts";
import { ActionForm, FormField } from "#components/ui/action-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { renameTeamAction } from "./actions.ts";

export const metadata: Metadata = { title: "Team settings" };

export default async function TeamSettingsPage({ params }: PageProps<{ team: string }>) {
  const { team } = await teamAccess((await params).team, "team.rename");
  return (
    <>
      <PageHeading title="Team settings" />
      <Card title="Name" id="team-name" className="max-w-lg">
        <ActionForm action={renameTeamAction.bind(null, team.slug)} submit="Change the name" look="secondary">
          <FormField label="Team name" name="team" required maxLength={100} defaultValue={team.name} />
        </ActionForm>
      </Card>
    </>
  );
}
