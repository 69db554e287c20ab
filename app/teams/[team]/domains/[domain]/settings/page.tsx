import type { Metadata } from "next";
import type { PageProps } from "#app/page-props.ts";
import { domainAccess } from "#app/session.ts";
import { removeDomainAction } from "#app/teams/[team]/domains/[domain]/actions.ts";
import { ActionForm, FormField } from "#components/ui/action-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { CopyLine, DnsRecord } from "#components/ui/dns-record.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { Time } from "#components/ui/time.tsx";
import { may } from "#lib/accounts/roles.ts";
import { inboxOf, reportDestination } from "#lib/domains/inbox.ts";
import { displayName } from "#lib/standards/domain-name.ts";
import { tlsRptRecordName } from "#lib/standards/record-names.ts";
import { BadgeCard } from "./badge-card.tsx";

type Props = PageProps<{ team: string; domain: string }>;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { team, domain: name } = await params;
  const { domain } = await domainAccess(team, name, "domain.view");
  return { title: `${displayName(domain.name)} · Settings` };
}

/** The domain's inbox, and how to remove it. */
export default async function DomainSettingsPage({ params }: Props) {
  const { team: slug, domain: name } = await params;
  const { team, role, domain } = await domainAccess(slug, name, "domain.view");
  const display = displayName(domain.name);
  return (
    <>
      <PageHeading title={`Settings of ${display}`}>
        Added <Time at={domain.createdAt} />.
      </PageHeading>
      {may(role, "inbox.view") && !domain.sample && <Inbox name={domain.name} token={domain.inboxToken} />}
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

function Inbox({ name, token }: { name: string; token: string }) {
  const { address, url } = inboxOf(token);
  const destination = reportDestination(token);
  return (
    <Card title="Inbox for reports" id="inbox">
      <div className="space-y-4">
        <p className="max-w-prose text-muted">
          Senders deliver reports here without a password: whoever knows the address can. Give it to nobody else.
        </p>
        <CopyLine label="URL" text={url} what="the inbox's URL" />
        {address && <CopyLine label="Address" text={address} what="the inbox's address" />}
        {destination ? (
          <>
            <p>The TLS-RPT record that has reports sent here:</p>
            <DnsRecord name={tlsRptRecordName(name)} value={`v=TLSRPTv1; rua=${destination}`} />
          </>
        ) : (
          <p className="max-w-prose text-muted">
            Senders cannot reach this Sealpost yet: its public address (SEALPOST_URL) is not one of HTTPS. Until it is,
            have reports sent to a mailbox of yours and drop the mails on the domain's page.
          </p>
        )}
      </div>
    </Card>
  );
}
