import type { Metadata } from "next";
import { requireUser } from "#app/session.ts";
import { ActionForm, FormField } from "#components/ui/action-form.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { newTeamAction } from "./actions.ts";

export const metadata: Metadata = { title: "New team" };

export default async function NewTeamPage() {
  await requireUser("/teams/new");
  return (
    <div className="mx-auto w-full max-w-sm space-y-6">
      <PageHeading title="New team">
        A team has its own domains, reports and members. You will be its owner.
      </PageHeading>
      <ActionForm action={newTeamAction} submit="Create the team">
        <FormField label="Team name" name="team" required maxLength={100} autoComplete="organization" />
      </ActionForm>
    </div>
  );
}
