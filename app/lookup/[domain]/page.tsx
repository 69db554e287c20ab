import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { lookupClient } from "#app/lookup-client.ts";
import { decodedPart, type PageProps } from "#app/page-props.ts";
import { LookAgain } from "#components/lookup/look-again.tsx";
import { LookupForm } from "#components/lookup/lookup-form.tsx";
import { JsonLink, ShareLink } from "#components/lookup/lookup-links.tsx";
import { LookupRefused } from "#components/lookup/lookup-refused.tsx";
import { LookupSummary, LookupView } from "#components/lookup/lookup-view.tsx";
import { WithoutScript } from "#components/lookup/without-script.tsx";
import { DomainName } from "#components/ui/domain-name.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { SHARED_MS } from "#lib/lookups/limits.ts";
import { lookUpFor } from "#lib/lookups/look-up-for.ts";
import { answerWith } from "#lib/page-status.ts";
import { settings } from "#lib/settings.ts";
import { displayName, parseLookupName } from "#lib/standards/domain-name.ts";

type Props = PageProps<{ domain: string }>;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const parsed = parseLookupName(decodedPart((await params).domain));
  return { title: parsed.ok ? `${displayName(parsed.name)} · Lookup` : "Lookup" };
}

/** A live look at any domain, open to everybody; the answer streams. */
export default async function LookupPage({ params }: Props) {
  const typed = decodedPart((await params).domain);
  const parsed = parseLookupName(typed);
  if (!parsed.ok) {
    answerWith(400);
    return (
      <>
        <PageHeading title="This domain cannot be looked up" />
        <LookupForm domain={typed} error={parsed.sentence} />
      </>
    );
  }
  if (parsed.name !== typed) redirect(`/lookup/${parsed.name}`);
  const answer = await lookUpFor(await lookupClient(), parsed.name);
  if (!answer.ok) {
    answerWith(answer.status, { "retry-after": String(answer.seconds) });
    return <LookupRefused domain={parsed.name} sentence={answer.sentence} />;
  }
  const { checks, checkedAt, finished } = answer.lookup;
  const lookup = { domain: parsed.name, checks, facts: finished.then(({ facts }) => facts) };
  const here = `/lookup/${parsed.name}`;
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <>
      <WithoutScript nonce={nonce} />
      <PageHeading
        title={<DomainName name={parsed.name} />}
        aside={
          <>
            <ShareLink url={`${settings().url}${here}`} />
            <JsonLink href={`${here}/json`} />
          </>
        }
      >
        <LookupSummary lookup={lookup} />
      </PageHeading>
      <LookAgain action={here} checkedAt={checkedAt} next={new Date(checkedAt.getTime() + SHARED_MS)} />
      <LookupView lookup={lookup} />
      <div className="print:hidden">
        <LookupForm />
      </div>
    </>
  );
}
