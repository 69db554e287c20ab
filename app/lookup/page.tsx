import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { one, type PageProps } from "#app/page-props.ts";
import { LookupForm } from "#components/lookup/lookup-form.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { parseLookupName } from "#lib/standards/domain-name.ts";

export const metadata: Metadata = { title: "Lookup" };

/** The form, and what it leads to; a name that cannot be looked up stays in it with the reason. */
export default async function LookupFormPage({ searchParams }: PageProps) {
  const typed = one((await searchParams).domain);
  const parsed = typed === null ? null : parseLookupName(typed);
  if (parsed?.ok) redirect(`/lookup/${parsed.name}`);
  return (
    <>
      <PageHeading title="Look up a domain">
        See what a sender finds when it wants to deliver mail: the mail hosts, the MTA-STS policy and the TLS-RPT
        record.
      </PageHeading>
      <LookupForm domain={typed ?? ""} error={parsed?.sentence ?? null} />
    </>
  );
}
