import type { Metadata } from "next";
import { one, type PageProps } from "#app/page-props.ts";
import { domainAccess } from "#app/session.ts";
import { LookupSummary, LookupView } from "#components/lookup/lookup-view.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { Time } from "#components/ui/time.tsx";
import { may } from "#lib/accounts/roles.ts";
import { CHECKS, type Verdict } from "#lib/checks/verdict.ts";
import { latestLookup } from "#lib/db/lookups.ts";
import { lookUpAndKeep } from "#lib/lookups/keep-lookup.ts";
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
  const stored = wantsNew ? null : await latestLookup(domain.id);
  const lookup = stored === null && !domain.sample ? lookUpAndKeep(domain) : null;
  const checks = lookup?.checks ?? byCheck(stored?.verdicts ?? []);
  const checkedAt = lookup?.checkedAt ?? stored?.checkedAt;
  const here = `/teams/${team.slug}/domains/${domain.name}/lookup`;
  return (
    <>
      <PageHeading
        title={`What senders find for ${displayName(domain.name)}`}
        aside={
          <>
            {mayRun && (
              <ButtonLink look="primary" href={`${here}?look=again`} prefetch={false}>
                Look again
              </ButtonLink>
            )}
            {!domain.sample && <ButtonLink href={`/lookup/${domain.name}`}>Public page</ButtonLink>}
          </>
        }
      >
        <LookupSummary checks={checks} />
      </PageHeading>
      {checkedAt && (
        <p className="text-muted">
          Looked at <Time at={checkedAt} now={new Date()} />. Registered domains are looked at every day.
        </p>
      )}
      <LookupView checks={checks} />
    </>
  );
}

function byCheck(verdicts: readonly Verdict[]) {
  return new Map(CHECKS.map((check) => [check, verdicts.filter((verdict) => verdict.check === check)]));
}
