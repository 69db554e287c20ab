import { redirect } from "next/navigation";
import { LookupForm } from "#components/lookup/lookup-form.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { signUpIsOpen } from "#lib/accounts/sign-up.ts";
import { teamsOf } from "#lib/db/teams.ts";
import { currentUser } from "./session.ts";

const PARTS = [
  ["Look", "Live MTA-STS, TLS-RPT, DANE and STARTTLS lookups say what senders find, why, and what to publish instead."],
  ["Read", "TLS reports of Google, Microsoft and others as charts: sessions, failures, who saw them and where."],
  ["Enforce", "A checklist from the first record to enforce, where each step rests on what was found."],
] as const;

export default async function StartPage() {
  const user = await currentUser();
  if (user !== null) {
    const [first] = await teamsOf(user.userId);
    redirect(first ? `/teams/${first.slug}` : "/teams/new");
  }
  const open = await signUpIsOpen();
  return (
    <>
      <PageHeading title="Is mail to your domain protected on its way?">
        Sealpost looks at MTA-STS, TLS-RPT, DANE and STARTTLS of any domain, reads the reports that senders write about
        yours, and leads you to enforce.
      </PageHeading>
      <LookupForm />
      <div className="grid gap-4 md:grid-cols-3">
        {PARTS.map(([title, text]) => (
          <Card key={title} title={title}>
            <p className="text-muted">{text}</p>
          </Card>
        ))}
      </div>
      <div className="flex flex-wrap gap-2">
        {open && (
          <ButtonLink look="primary" href="/sign-up">
            Sign up
          </ButtonLink>
        )}
        <ButtonLink href="/sign-in">Sign in</ButtonLink>
      </div>
    </>
  );
}
