import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { PageProps } from "#app/page-props.ts";
import { teamAccess } from "#app/session.ts";
import { saveMailboxAction } from "#app/teams/[team]/(team)/mailboxes/actions.ts";
import { MailboxForm } from "#components/mailboxes/mailbox-form.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { mailboxOf } from "#lib/db/mailboxes.ts";
import { shownCredentials, trayDomains } from "#lib/doors/change-mailbox.ts";

export const metadata: Metadata = { title: "Change a mailbox" };

/** The form for a mailbox that is read already. */
export default async function MailboxPage({ params }: PageProps<{ team: string; mailbox: string }>) {
  const { team: slug, mailbox: id } = await params;
  const { team } = await teamAccess(slug, "mailbox.change");
  const mailbox = await mailboxOf(team.id, id);
  if (mailbox === null) notFound();
  const { host, port, security, userName, auth, folder, afterwards, moveTo, trayDomainId } = mailbox;
  const domains = await trayDomains(team);
  const tray = domains.find((domain) => domain.id === trayDomainId)?.name ?? "";
  const initial = {
    ...{ host, port: String(port), security, user: userName, auth, folder, afterwards, moveTo: moveTo ?? "", tray },
    ...shownCredentials(mailbox),
  };
  return (
    <>
      <PageHeading title={`Mailbox ${userName}`}>
        It is tried before it is saved. With another server, user name or folder it is read from its beginning; reports
        that are here already are recognised.
      </PageHeading>
      <MailboxForm
        action={saveMailboxAction.bind(null, team.slug, mailbox.id)}
        initial={initial}
        isNew={false}
        domains={domains.map(({ name }) => name)}
      />
    </>
  );
}
