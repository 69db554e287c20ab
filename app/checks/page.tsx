import type { Metadata } from "next";
import { CHECK_GROUPS } from "#components/lookup/check-groups.ts";
import { Card } from "#components/ui/card.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { ABOUT_CHECKS } from "#lib/checks/about-checks.ts";
import { codesOf } from "#lib/checks/wording.ts";

export const metadata: Metadata = { title: "Checks" };

/** All checks of a lookup, as its page groups them. */
export default function ChecksPage() {
  return (
    <>
      <PageHeading title="What Sealpost checks">
        Each lookup makes these checks. The page of a check names every finding that it can have, what that means for
        mail, and how to mend it.
      </PageHeading>
      {CHECK_GROUPS.map(({ id, title, about, checks }) => (
        <Card key={id} id={id} title={title}>
          <p className="max-w-prose pb-1 text-muted">{about}</p>
          <dl className="divide-y divide-line">
            {checks.map((check) => (
              <div key={check} className="grid gap-x-4 py-3 sm:grid-cols-[14rem_minmax(0,1fr)]">
                <dt className="space-y-0.5">
                  <TextLink href={`/checks/${check}`} prefetch={false}>
                    {ABOUT_CHECKS[check].name}
                  </TextLink>
                  <span className="block text-muted text-xs">{codesOf(check).length} findings</span>
                </dt>
                <dd className="max-w-prose">
                  {ABOUT_CHECKS[check].looksAt} <span className="text-muted">{ABOUT_CHECKS[check].matters}</span>
                </dd>
              </div>
            ))}
          </dl>
        </Card>
      ))}
    </>
  );
}
