import { Button } from "#components/ui/button.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { displayName } from "#lib/standards/domain-name.ts";

/** Why a domain is not looked at now, and when it is worth asking again. */
export function LookupRefused({ domain, sentence }: { domain: string; sentence: string }) {
  return (
    <>
      <PageHeading title={`${displayName(domain)} is not looked at right now`}>
        <p role="status">{sentence}</p>
      </PageHeading>
      <form action={`/lookup/${domain}`} method="get">
        <Button type="submit">Try again</Button>
      </form>
    </>
  );
}
