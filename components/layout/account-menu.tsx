"use client";

import { ChevronDown, CircleUser } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useEffect, useRef } from "react";
import { Button } from "#components/ui/button.tsx";
import { signOut } from "./sign-out.ts";

const ITEM = "block w-full rounded-md px-3 py-1.5 text-left hover:bg-sunken hover:underline";

/** The teams and the account of whoever is signed in, in a native popover: Escape and a click elsewhere close it. */
export function AccountMenu({ email, teams }: { email: string; teams: { slug: string; name: string }[] }) {
  const menu = useRef<HTMLElement>(null);
  const path = usePathname();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new path is what closes the menu.
  useEffect(() => {
    if (menu.current?.matches(":popover-open")) menu.current.hidePopover();
  }, [path]);
  return (
    <>
      <Button popoverTarget="account-menu">
        <CircleUser aria-hidden="true" className="size-4 sm:hidden" />
        <span className="max-w-48 truncate max-sm:sr-only">{email}</span>
        <ChevronDown aria-hidden="true" className="size-4" />
      </Button>
      <nav
        ref={menu}
        id="account-menu"
        popover="auto"
        aria-label="Teams and account"
        className="fixed top-12 right-[max(1rem,calc(50vw-560px+1rem))] left-auto m-0 w-64 rounded-md border border-line-strong bg-panel p-1 text-text"
      >
        <p className="px-3 pt-1.5 text-muted text-xs">Teams</p>
        {teams.map((team) => (
          <Link key={team.slug} href={`/teams/${team.slug}`} className={`${ITEM} truncate`}>
            {team.name}
          </Link>
        ))}
        <Link href="/teams/new" className={ITEM}>
          New team
        </Link>
        <hr className="my-1 border-line" />
        <Link href="/account" className={ITEM}>
          Account
        </Link>
        <button type="button" className={ITEM} onClick={() => void signOut()}>
          Sign out
        </button>
      </nav>
    </>
  );
}
