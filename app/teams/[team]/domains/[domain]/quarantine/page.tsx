import type { Metadata } from "next";
import { leadBack } from "#app/lead-back.ts";
import { type PageProps, readPage } from "#app/page-props.ts";
import { domainAccess } from "#app/session.ts";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { Sent, Table, Td, Th } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { quarantineOf } from "#lib/db/quarantine.ts";
import { displayName } from "#lib/standards/domain-name.ts";

type Props = PageProps<{ team: string; domain: string }>;

const SIZE = 50;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { team, domain: name } = await params;
  const { domain } = await domainAccess(team, name, "quarantine.view");
  return { title: `${displayName(domain.name)} · Quarantine` };
}

/** What could not be taken, with the reason; nothing that arrives is thrown away. */
export default async function QuarantinePage({ params, searchParams }: Props) {
  const { team: slug, domain: name } = await params;
  const { team, domain } = await domainAccess(slug, name, "quarantine.view");
  const { page, ...range } = readPage(await searchParams, SIZE);
  const { rows, total } = await quarantineOf(domain.id, "quarantine", range);
  leadBack(page, SIZE, total, (last) => `/teams/${team.slug}/domains/${domain.name}/quarantine?page=${last}`);
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
      {rows.length > 0 && (
        <div>
          <Table
            caption="Files in quarantine, the latest first"
            head={
              <>
                <Th>Received</Th>
                <Th>File</Th>
                <Th>Reason</Th>
                <Th number>Size</Th>
                <Th>
                  <span className="sr-only">Download</span>
                </Th>
              </>
            }
          >
            {rows.map((row) => (
              <tr key={row.id}>
                <Td className="whitespace-nowrap">
                  <Time at={row.receivedAt} />
                  <span className="block text-muted text-xs">by {row.door}</span>
                </Td>
                <Td className="max-w-72 break-all font-mono">
                  <Sent value={row.fileName} />
                </Td>
                <Td className="max-w-md break-words">
                  {row.reason} <span className="font-mono text-muted text-xs">{row.code}</span>
                </Td>
                <Td number>{size(row.size)}</Td>
                <Td>
                  <a
                    href={`/api/teams/${team.slug}/domains/${domain.name}/quarantine/${row.id}`}
                    className="text-accent hover:underline"
                    download
                  >
                    Download<span className="sr-only"> {row.fileName ?? "the file"}</span>
                  </a>
                </Td>
              </tr>
            ))}
          </Table>
          <Pagination page={page} size={SIZE} total={total} what="files" href={(other) => `?page=${other}`} />
        </div>
      )}
    </>
  );
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} kB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
