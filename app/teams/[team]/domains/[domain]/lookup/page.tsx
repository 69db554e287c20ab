import type { Metadata } from "next";
import { headers } from "next/headers";
import { lookupClient } from "#app/lookup-client.ts";
import { one, type PageProps } from "#app/page-props.ts";
import { domainAccess } from "#app/session.ts";
import { JsonLink } from "#components/lookup/lookup-links.tsx";
import { LookupSummary, LookupView, type ShownLookup } from "#components/lookup/lookup-view.tsx";
import { WithoutScript } from "#components/lookup/without-script.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/card.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { Time } from "#components/ui/time.tsx";
import { may } from "#lib/accounts/roles.ts";
import { CHECKS, type Verdict } from "#lib/checks/verdict.ts";
import { latestLookup } from "#lib/db/lookups.ts";
import { lookUpAndKeep } from "#lib/lookups/keep-lookup.ts";
import type { RunningLookup } from "#lib/lookups/look-up.ts";
import { refuseLook } from "#lib/lookups/look-up-for.ts";
import { answerWith } from "#lib/page-status.ts";
import { displayName } from "#lib/standards/domain-name.ts";

type Props = PageProps<{ team: string; domain: string }>;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { team, domain: name } = await params;
  const { domain } = await domainAccess(team, name, "domain.view");
  return { title: `${displayName(domain.name)} · Lookup` };
}

/** The last lookup of a registered domain, or a new one that streams. */
export default async function DomainLookupPage({ params, searchParams }: Props) {
  const { team: slug, domain: name } = await params;
  const { team, role, domain } = await domainAccess(slug, name, "domain.view");
  const mayRun = may(role, "lookup.run") && !domain.sample;
  const wantsNew = one((await searchParams).look) === "again" && mayRun;
  const refused = wantsNew ? await refuseLook(await lookupClient(), domain.name) : null;
  if (refused) answerWith(refused.status, { "retry-after": String(refused.seconds) });
  const stored = wantsNew && refused === null ? null : await latestLookup(domain.id);
  const lookup = stored === null && refused === null && !domain.sample ? lookUpAndKeep(domain) : null;
  const shown = lookup
    ? running(lookup)
    : stored && { ...stored, domain: domain.name, checks: byCheck(stored.verdicts) };
  const here = `/teams/${team.slug}/domains/${domain.name}/lookup`;
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <>
      {lookup && <WithoutScript nonce={nonce} />}
      <PageHeading
        title={`What senders find for ${displayName(domain.name)}`}
        aside={
          <>
            {mayRun && (
              <ButtonLink look="primary" href={`${here}?look=again`} prefetch={false} className="print:hidden">
                Look again
              </ButtonLink>
            )}
            {shown && <JsonLink href={`${here}/json`} />}
            {!domain.sample && (
              <ButtonLink href={`/lookup/${domain.name}`} prefetch={false} className="print:hidden">
                Public page
              </ButtonLink>
            )}
          </>
        }
      >
        {shown && <LookupSummary lookup={shown} />}
      </PageHeading>
      {refused && (
        <Notice tone="warn" role="status">
          {refused.sentence}
        </Notice>
      )}
      {shown === null ? (
        <p className="text-muted">This domain has not been looked at yet.</p>
      ) : (
        <>
          <p className="text-muted">
            Looked at <Time at={shown.checkedAt} now={new Date()} />. Registered domains are looked at every day; an
            answer is shared for a minute.
          </p>
          <LookupView lookup={shown} />
        </>
      )}
    </>
  );
}

function running({ domain, checks, checkedAt, finished }: RunningLookup): ShownLookup & { checkedAt: Date } {
  return { domain, checks, checkedAt, facts: finished.then(({ facts }) => facts) };
}

function byCheck(verdicts: readonly Verdict[]) {
  return new Map(CHECKS.map((check) => [check, verdicts.filter((verdict) => verdict.check === check)]));
}
