import type { ReactNode } from "react";
import { teamAccess } from "#app/session.ts";
import { Tabs } from "#components/layout/tabs.tsx";
import { may } from "#lib/accounts/roles.ts";

/** The team's name and its pages. Each page asks for access itself; this only spares a stranger the frame. */
export default async function TeamLayout({
  children,
  params,
}: {
  children: ReactNode;
  params: Promise<{ team: string }>;
}) {
  const { team, role } = await teamAccess((await params).team, "team.view");
  const base = `/teams/${team.slug}`;
  const tabs = [
    { href: base, name: "Domains" },
    ...(may(role, "mailbox.view") ? [{ href: `${base}/mailboxes`, name: "Mailboxes" }] : []),
    { href: `${base}/members`, name: "Members" },
    ...(may(role, "audit.view") ? [{ href: `${base}/audit`, name: "Audit trail" }] : []),
    ...(may(role, "team.rename") ? [{ href: `${base}/settings`, name: "Settings" }] : []),
  ];
  return (
    <>
      <div className="space-y-1">
        <p className="font-semibold text-base">{team.name}</p>
        <Tabs label="Team" tabs={tabs} />
      </div>
      {children}
    </>
  );
}
