import clsx from "clsx";
import Link from "next/link";
import { rotateInboxAction } from "#app/teams/[team]/domains/[domain]/actions.ts";
import { ActionForm, FormSelect } from "#components/ui/action-form.tsx";
import { Card, Notice } from "#components/ui/card.tsx";
import { Confirm } from "#components/ui/confirm.tsx";
import { CopyLine, DnsRecord } from "#components/ui/dns-record.tsx";
import { Time } from "#components/ui/time.tsx";
import type { DomainRow } from "#lib/db/domains.ts";
import { type Destination, destinationsOf, recordToPublish, type Way } from "#lib/domains/inbox.ts";
import { OVERLAP_DAYS } from "#lib/domains/rotate-inbox.ts";
import { settings } from "#lib/settings.ts";

interface Props {
  team: string;
  domain: DomainRow;
  /** Which destination the record names first. */
  first: Way;
  mayRotate: boolean;
  now: Date;
}

/** Where senders deliver reports about the domain, the record that tells them so, and how to change the address. */
export function InboxCard({ team, domain, first, mayRotate, now }: Props) {
  const { https, mail } = destinationsOf(domain.inboxToken);
  const record = recordToPublish(domain, first);
  const previousUntil = domain.previousInboxUntil;
  const previousWorks = previousUntil !== null && previousUntil > now;
  return (
    <Card title="Inbox for reports" id="inbox">
      <div className="space-y-4">
        <p className="max-w-prose text-muted">
          Senders deliver reports here without a password: whoever knows the address can, and the record that you
          publish tells everybody. Where strangers write to it, change it.
        </p>
        <Address label="By HTTPS" what="the inbox's URL" destination={https} />
        <Address label="By mail" what="the inbox's address" destination={mail} />
        {mail.uri !== null && settings().mailDomain === domain.name && (
          <Notice tone="warn" title="Reports by mail share this domain's fate">
            <p>
              The mail domain of this Sealpost (SEALPOST_MAIL_DOMAIN) is {domain.name} itself: when its mail fails, the
              reports that say so do not come either. Use a domain with mail hosts of its own.
            </p>
          </Notice>
        )}
        {record ? (
          <>
            <p>The TLS-RPT record that has reports sent here:</p>
            <DnsRecord {...record} />
            {https.uri !== null && mail.uri !== null && <Order first={first} />}
          </>
        ) : (
          <p className="max-w-prose">
            Senders cannot reach this Sealpost yet. Until they can, have reports sent to a mailbox of yours, and drop
            the mails on the domain's page.
          </p>
        )}
        {previousWorks && (
          <Notice title="The old address still works">
            <p>
              Reports to it are taken until <Time at={previousUntil} now={now} />. Publish the record above before then;
              changing the address again ends the old one at once.
            </p>
          </Notice>
        )}
        {/* With the address as its key it closes once that is changed: a second click would end the old one at once. */}
        {mayRotate && <Rotate key={domain.inboxToken} team={team} domain={domain.name} previousWorks={previousWorks} />}
      </div>
    </Card>
  );
}

function Address({ label, what, destination }: { label: string; what: string; destination: Destination }) {
  const { address, obstacle } = destination;
  return (
    <div className="space-y-1">
      {address === null ? (
        <p className="text-muted text-xs">{label}</p>
      ) : (
        <CopyLine label={label} text={address} what={what} />
      )}
      {obstacle !== null && <p className="max-w-prose">Not used by senders yet. {obstacle}</p>}
    </div>
  );
}

/** T7: a sender may use each destination or just one. */
function Order({ first }: { first: Way }) {
  const ways: [Way, string][] = [
    ["https", "HTTPS first"],
    ["mail", "Mail first"],
  ];
  return (
    <div className="space-y-2">
      <p className="max-w-prose text-muted">
        A sender may use both destinations or one of them (RFC 8460 §3). Microsoft uses only the first: put the one that
        you trust most first.
      </p>
      <nav
        aria-label="Which destination is first"
        className="flex w-fit overflow-hidden rounded-md border border-line-strong"
      >
        {ways.map(([way, name]) => (
          <Link
            key={way}
            href={`?first=${way}#inbox`}
            scroll={false}
            aria-current={way === first ? "true" : undefined}
            className={clsx(
              "border-line-strong px-3 py-1 not-first:border-l",
              way === first ? "bg-accent font-semibold text-on-accent" : "bg-panel hover:bg-sunken",
            )}
          >
            {name}
          </Link>
        ))}
      </nav>
    </div>
  );
}

function Rotate({ team, domain, previousWorks }: { team: string; domain: string; previousWorks: boolean }) {
  return (
    <Confirm label="Change the address …">
      <p>
        The inbox gets a new address, for when strangers know the old one. Senders look the record up once a day:
        publish the new one, and let the old address work until all of them have seen it.
        {previousWorks && " The address from before the last change ends at once."}
      </p>
      <ActionForm action={rotateInboxAction.bind(null, team, domain)} submit="Change the address" look="danger">
        <FormSelect label="The old address works for" name="days" defaultValue="30">
          {OVERLAP_DAYS.map((days) => (
            <option key={days} value={days}>
              {days} days more
            </option>
          ))}
        </FormSelect>
      </ActionForm>
    </Confirm>
  );
}
