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
import { quarantineOf } from "#lib/db/quarantine.ts";
import { displayName } from "#lib/standards/domain-name.ts";

type Props = PageProps<{ team: string; domain: string }>;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { team, domain: name } = await params;
  const { domain } = await domainAccess(team, name, "quarantine.view");
  return { title: `${displayName(domain.name)} · Quarantine` };
}

/** What could not be taken, with the reason; nothing that arrives is thrown away. */
export default async function QuarantinePage({ params, searchParams }: Props) {
  const { team: slug, domain: name } = await params;
  const { team, role, domain } = await domainAccess(slug, name, "quarantine.view");
  const search = await searchParams;
  const { page, ...range } = readPage(search, TRAY_PAGE);
  const { rows, total } = await quarantineOf(domain.id, "quarantine", range);
  leadBack(page, TRAY_PAGE, total, (last) => withPage(search, last));
  return (
    <>
      <PageHeading
        title={
          total === 0
            ? "The quarantine is empty"
            : `${total === 1 ? "1 file" : `${total.toLocaleString("en")} files`} in quarantine`
        }
      >
        What arrives and is no TLS report, or one that cannot be read, is kept here with its reason.
      </PageHeading>
      <Told search={search} />
      {rows.length > 0 ? (
        <div>
          <TrayTable
            rows={rows}
            team={team.slug}
            domain={domain.name}
            tray="quarantine"
            page={page}
            mayChange={may(role, "quarantine.change")}
          />
          <Pagination page={page} size={TRAY_PAGE} total={total} what="files" href={(other) => `?page=${other}`} />
        </div>
      ) : (
        <p className="max-w-prose text-muted">
          Here would be, for example, a DMARC report that was sent to the wrong address, or a report that was cut off on
          its way. You could download it, have it read again after an update of Sealpost, or discard it.
        </p>
      )}
    </>
  );
}
