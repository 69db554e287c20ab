import type { Metadata } from "next";
import type { PageProps } from "#app/page-props.ts";
import { teamAccess } from "#app/session.ts";
import { saveMailboxAction } from "#app/teams/[team]/(team)/mailboxes/actions.ts";
import { MailboxForm } from "#components/mailboxes/mailbox-form.tsx";
import { Notice } from "#components/ui/card.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { trayDomains } from "#lib/doors/change-mailbox.ts";

export const metadata: Metadata = { title: "Add a mailbox" };

const USUAL = { port: "993", security: "tls", auth: "password", folder: "INBOX", afterwards: "leave" };

/** The form for a mailbox that reports come to. */
export default async function AddMailboxPage({ params }: PageProps<{ team: string }>) {
  const { team } = await teamAccess((await params).team, "mailbox.change");
  const domains = (await trayDomains(team)).map(({ name }) => name);
  return (
    <>
      <PageHeading title="Add a mailbox">
        It is tried before it is saved. The password is stored encrypted, and shown to nobody again.
      </PageHeading>
      {domains.length === 0 ? (
        <Notice tone="warn" title="The team has no domain yet">
          Add a domain first: reports are about one, and what cannot be read is kept under one.
        </Notice>
      ) : (
        <MailboxForm
          action={saveMailboxAction.bind(null, team.slug, null)}
          initial={{ ...USUAL, tray: domains[0] ?? "" }}
          isNew
          domains={domains}
        />
      )}
    </>
  );
}
