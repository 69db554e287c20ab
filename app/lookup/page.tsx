import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { one, type PageProps } from "#app/page-props.ts";
import { LookupForm } from "#components/lookup/lookup-form.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { answerWith } from "#lib/page-status.ts";
import { parseLookupName } from "#lib/standards/domain-name.ts";

export const metadata: Metadata = { title: "Lookup" };

/** The form, and what it leads to; a name that cannot be looked up stays in it with the reason. */
export default async function LookupFormPage({ searchParams }: PageProps) {
  const typed = one((await searchParams).domain);
  const parsed = typed === null ? null : parseLookupName(typed);
  if (parsed?.ok) redirect(`/lookup/${parsed.name}`);
  if (parsed !== null) answerWith(400);
  return (
    <>
      <PageHeading title="Look up a domain">
        See what a sender finds when it wants to deliver mail: the mail hosts and their TLS, the MTA-STS policy, DANE
        and the TLS-RPT record. <TextLink href="/checks">What is checked</TextLink>
      </PageHeading>
      <LookupForm domain={typed ?? ""} error={parsed?.sentence ?? null} />
    </>
  );
}
