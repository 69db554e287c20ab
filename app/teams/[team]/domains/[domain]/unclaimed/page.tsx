import type { Metadata } from "next";
import { leadBack } from "#app/lead-back.ts";
import { type PageProps, readPage, withPage } from "#app/page-props.ts";
import { domainAccess } from "#app/session.ts";
import { TRAY_PAGE } from "#app/teams/[team]/domains/[domain]/tray-page.ts";
import { TrayTable } from "#app/teams/[team]/domains/[domain]/tray-table.tsx";
import { Told } from "#app/told.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { may } from "#lib/accounts/roles.ts";
import { domainNames } from "#lib/db/domains.ts";
import { quarantineOf } from "#lib/db/quarantine.ts";
import { displayName } from "#lib/standards/domain-name.ts";

type Props = PageProps<{ team: string; domain: string }>;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { team, domain: name } = await params;
  const { domain } = await domainAccess(team, name, "quarantine.view");
  return { title: `${displayName(domain.name)} · Unclaimed reports` };
}

/** Reports that came here and name another domain; a person says where they go. */
export default async function UnclaimedPage({ params, searchParams }: Props) {
  const { team: slug, domain: name } = await params;
  const { team, role, domain } = await domainAccess(slug, name, "quarantine.view");
  const search = await searchParams;
  const { page, ...range } = readPage(search, TRAY_PAGE);
  const { rows, total } = await quarantineOf(domain.id, "unclaimed", range);
  leadBack(page, TRAY_PAGE, total, (last) => withPage(search, last));
  const names = rows.length > 0 ? (await domainNames(team.id)).map((one) => one.name).toSorted() : [];
  return (
    <>
      <PageHeading
        title={
          total === 0
            ? "No report is unclaimed"
            : `${total === 1 ? "1 report is" : `${total.toLocaleString("en")} reports are`} unclaimed`
        }
      >
        Reports that came to this domain's inbox and are about a domain that the team does not have.
      </PageHeading>
      <Told search={search} />
      {rows.length > 0 ? (
        <div>
          <datalist id="team-domains">
            {names.map((one) => (
              <option key={one} value={one} />
            ))}
          </datalist>
          <TrayTable
            rows={rows}
            team={team.slug}
            domain={domain.name}
            tray="unclaimed"
            page={page}
            mayChange={may(role, "quarantine.change")}
          />
          <Pagination page={page} size={TRAY_PAGE} total={total} what="reports" href={(other) => `?page=${other}`} />
        </div>
      ) : (
        <p className="max-w-prose text-muted">
          Here would be, for example, a report about a domain whose TLS-RPT record names this inbox and that is not
          registered yet. You could assign it to a domain of the team, or register the domain and try again.
        </p>
      )}
    </>
  );
}
