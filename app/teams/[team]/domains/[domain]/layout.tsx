import Link from "next/link";
import type { ReactNode } from "react";
import { domainAccess } from "#app/session.ts";
import { SampleMark } from "#components/domains/sample-mark.tsx";
import { Tabs } from "#components/layout/tabs.tsx";
import { DomainName } from "#components/ui/domain-name.tsx";
import { may } from "#lib/accounts/roles.ts";
import { quarantineCounts } from "#lib/db/quarantine.ts";

/** The domain's name and its pages. Each page asks for access itself. */
export default async function DomainLayout(props: {
  children: ReactNode;
  params: Promise<{ team: string; domain: string }>;
}) {
  const { team: slug, domain: name } = await props.params;
  const { team, role, domain } = await domainAccess(slug, name, "domain.view");
  const base = `/teams/${team.slug}/domains/${domain.name}`;
  const seesQuarantine = may(role, "quarantine.view");
  const trays = seesQuarantine ? await quarantineCounts(domain.id) : null;
  const tabs = [
    { href: base, name: "Overview" },
    { href: `${base}/lookup`, name: "Lookup" },
    { href: `${base}/history`, name: "History" },
    { href: `${base}/reports`, name: "Reports" },
    { href: `${base}/failures`, name: "Failures" },
    ...(trays
      ? [
          { href: `${base}/unclaimed`, name: "Unclaimed", count: trays.unclaimed },
          { href: `${base}/quarantine`, name: "Quarantine", count: trays.quarantine },
        ]
      : []),
    ...(may(role, "inbox.view") ? [{ href: `${base}/settings`, name: "Settings" }] : []),
  ];
  return (
    <>
      <div className="space-y-1">
        <nav aria-label="Breadcrumb">
          <ol className="flex flex-wrap items-center gap-x-2 text-base">
            <li>
              <Link href={`/teams/${team.slug}`} className="text-muted hover:underline">
                {team.name}
              </Link>
            </li>
            <li aria-hidden="true" className="text-muted">
              /
            </li>
            <li className="font-semibold">
              <DomainName name={domain.name} />
              {domain.sample && <SampleMark />}
            </li>
          </ol>
        </nav>
        <Tabs label="Domain" tabs={tabs} />
      </div>
      {props.children}
    </>
  );
}
