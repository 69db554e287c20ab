import { MailCheck } from "lucide-react";
import Link from "next/link";
import { AccountMenu } from "#components/layout/account-menu.tsx";
import { ThemeButton } from "#components/layout/theme-button.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { teamsOf } from "#lib/db/teams.ts";
import { DatabaseAway } from "#lib/errors.ts";
import { currentUser } from "./session.ts";

/** The bar on top of each page; it stays when the database is away, so that the page can say so. */
export async function SiteHeader() {
  const { user, teams } = await whoAndTeams();
  return (
    <header className="border-line border-b bg-panel print:hidden">
      <div className="mx-auto flex max-w-[1120px] flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-2">
        <nav aria-label="Main" className="flex items-center gap-5">
          <Link href="/" className="inline-flex items-center gap-2 font-semibold text-base">
            <MailCheck aria-hidden="true" className="size-5 text-accent" />
            Sealpost
          </Link>
          <Link href="/lookup" className="hover:underline">
            Lookup
          </Link>
          <Link href="/checks" prefetch={false} className="hover:underline max-sm:hidden">
            Checks
          </Link>
        </nav>
        <div className="flex items-center gap-2">
          <ThemeButton />
          {user ? (
            <AccountMenu email={user.email} teams={teams.map(({ slug, name }) => ({ slug, name }))} />
          ) : (
            <ButtonLink href="/sign-in">Sign in</ButtonLink>
          )}
        </div>
      </div>
    </header>
  );
}

async function whoAndTeams() {
  try {
    const user = await currentUser();
    return { user, teams: user ? await teamsOf(user.userId) : [] };
  } catch (error) {
    if (error instanceof DatabaseAway) return { user: null, teams: [] };
    throw error;
  }
}
