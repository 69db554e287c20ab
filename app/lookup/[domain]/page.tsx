import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { decodedPart, type PageProps } from "#app/page-props.ts";
import { LookupForm } from "#components/lookup/lookup-form.tsx";
import { LookupSummary, LookupView } from "#components/lookup/lookup-view.tsx";
import { DomainName } from "#components/ui/domain-name.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { Time } from "#components/ui/time.tsx";
import { lookUp } from "#lib/lookups/look-up.ts";
import { displayName, parseLookupName } from "#lib/standards/domain-name.ts";

type Props = PageProps<{ domain: string }>;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const parsed = parseLookupName(decodedPart((await params).domain));
  return { title: parsed.ok ? `${displayName(parsed.name)} · Lookup` : "Lookup" };
}

// Tailwind hides [hidden] with an important rule in its layer "base"; only an important one in an earlier layer outdoes it.
const WITHOUT_SCRIPT = `
  [data-waiting] { display: none }
  @layer theme {
    [id^="S:"] { display: block !important; max-width: 1120px; margin: 0 auto; padding: 0 2rem 1rem }
  }
`;

/** A live look at any domain, open to everybody; the answer streams. */
export default async function LookupPage({ params }: Props) {
  const typed = decodedPart((await params).domain);
  const parsed = parseLookupName(typed);
  if (!parsed.ok) {
    return (
      <>
        <PageHeading title="This domain cannot be looked up" />
        <LookupForm domain={typed} error={parsed.sentence} />
      </>
    );
  }
  if (parsed.name !== typed) redirect(`/lookup/${parsed.name}`);
  const lookup = lookUp(parsed.name);
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <>
      {/* React moves what streams to its place by script; without one, it is shown where it arrives. */}
      <noscript>
        <style nonce={nonce}>{WITHOUT_SCRIPT}</style>
      </noscript>
      <PageHeading title={<DomainName name={parsed.name} />}>
        <LookupSummary checks={lookup.checks} />
      </PageHeading>
      <p className="text-muted">
        Looked at <Time at={lookup.checkedAt} />. An answer is shared for a minute.
      </p>
      <LookupView checks={lookup.checks} />
      <LookupForm />
    </>
  );
}
