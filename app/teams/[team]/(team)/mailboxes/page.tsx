import type { Metadata } from "next";
import type { PageProps } from "#app/page-props.ts";
import { teamAccess } from "#app/session.ts";
import { AutoRefresh } from "#components/domains/auto-refresh.tsx";
import { MailboxStateText } from "#components/mailboxes/mailbox-state.tsx";
import { ActionForm } from "#components/ui/action-form.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Confirm } from "#components/ui/confirm.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { Table, Td, Th } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { may } from "#lib/accounts/roles.ts";
import { mailboxesOf } from "#lib/db/mailboxes.ts";
import { enableMailboxAction, removeMailboxAction } from "./actions.ts";

export const metadata: Metadata = { title: "Mailboxes" };

type Row = Awaited<ReturnType<typeof mailboxesOf>>[number];

/** The mailboxes that the team's reports are fetched from, and how each stands. */
export default async function MailboxesPage({ params }: PageProps<{ team: string }>) {
  const { team, role } = await teamAccess((await params).team, "mailbox.view");
  const rows = await mailboxesOf(team.id);
  const mayChange = may(role, "mailbox.change");
  const base = `/teams/${team.slug}/mailboxes`;
  const add = mayChange && (
    <ButtonLink look="primary" href={`${base}/add`}>
      Add a mailbox
    </ButtonLink>
  );
  const failing = rows.filter(({ enabled, failingSince }) => enabled && failingSince !== null).length;
  return (
    <>
      <PageHeading title={titleOf(rows.length, failing)} aside={add}>
        Reports that reporters mail to an address of yours are fetched from its mailbox by IMAP, within seconds where
        the server tells of new mail.
      </PageHeading>
      {rows.length === 0 ? (
        <Card title="No mailbox is read" id="none">
          <div className="max-w-prose space-y-2">
            <p>
              Name an address of your own in the TLS-RPT record, such as mailto:tls-reports@example.org, and add its
              mailbox here. Reports that are there already are taken too; other mail is left alone.
            </p>
            {!mayChange && <p className="text-muted">Owners and admins of the team can add one.</p>}
          </div>
        </Card>
      ) : (
        <Card title="Mailboxes" id="mailboxes">
          {rows.some(({ enabled, waiting, lastSeenAt }) => enabled && (waiting > 0n || lastSeenAt === null)) && (
            <AutoRefresh key={rows.map(({ waiting }) => waiting).join()} />
          )}
          <MailboxTable rows={rows} slug={team.slug} mayChange={mayChange} />
        </Card>
      )}
    </>
  );
}

function titleOf(all: number, failing: number): string {
  if (all === 0) return "Reports by mail";
  if (failing > 0) return `${failing} of ${all === 1 ? "1 mailbox" : `${all} mailboxes`} cannot be read`;
  return `Reports come from ${all === 1 ? "1 mailbox" : `${all} mailboxes`}`;
}

function MailboxTable({ rows, slug, mayChange }: { rows: Row[]; slug: string; mayChange: boolean }) {
  const now = new Date();
  return (
    <Table
      caption="Mailboxes that reports are fetched from, the oldest first"
      head={
        <>
          <Th>Mailbox and state</Th>
          <Th>Last reached</Th>
          <Th number>Taken</Th>
          <Th number>Other mail</Th>
          {mayChange && (
            <Th>
              <span className="sr-only">Change</span>
            </Th>
          )}
        </>
      }
    >
      {rows.map((row) => (
        <tr key={row.id}>
          <Td className="min-w-64 max-w-prose space-y-1">
            <p className="wrap-anywhere">
              {row.userName}
              <span className="block font-mono text-muted text-xs">
                {row.host}, {row.folder}
              </span>
            </p>
            <MailboxStateText
              state={{ ...row, read: Number(row.taken + row.others), waiting: Number(row.waiting) }}
              now={now}
            />
          </Td>
          <Td className="min-w-40">{row.lastSeenAt === null ? "Never" : <Time at={row.lastSeenAt} now={now} />}</Td>
          <Td number>{row.taken.toLocaleString("en")}</Td>
          <Td number>{row.others.toLocaleString("en")}</Td>
          {mayChange && (
            <Td className="w-80 min-w-80">
              <div className="flex flex-wrap items-start gap-2">
                <ButtonLink href={`/teams/${slug}/mailboxes/${row.id}`}>Change</ButtonLink>
                <ActionForm
                  action={enableMailboxAction.bind(null, slug, row.id, !row.enabled)}
                  submit={row.enabled ? "Pause" : "Resume"}
                  look="secondary"
                  className=""
                />
                <Confirm label="Remove …" look="danger">
                  <p>
                    Reports are no longer fetched from it, and what signs in is forgotten. What was taken stays here,
                    and its mail where it is.
                  </p>
                  <ActionForm
                    action={removeMailboxAction.bind(null, slug, row.id)}
                    submit="Remove the mailbox"
                    look="danger"
                    className="space-y-3"
                  />
                </Confirm>
              </div>
            </Td>
          )}
        </tr>
      ))}
    </Table>
  );
}
