import type { Metadata } from "next";
import { leadBack } from "#app/lead-back.ts";
import { type PageProps, readPage } from "#app/page-props.ts";
import { teamAccess } from "#app/session.ts";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { Missing, Table, Td, Th } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { auditTrail } from "#lib/db/audit.ts";

export const metadata: Metadata = { title: "Audit trail" };

const SIZE = 50;

/** Every change in the team: who, what, before and after. */
export default async function AuditPage({ params, searchParams }: PageProps<{ team: string }>) {
  const { team } = await teamAccess((await params).team, "audit.view");
  const { page, ...range } = readPage(await searchParams, SIZE);
  const { events, total } = await auditTrail(team.id, range);
  leadBack(page, SIZE, total, (last) => `/teams/${team.slug}/audit?page=${last}`);
  return (
    <>
      <PageHeading title="Audit trail">Every change in {team.name}, the latest first.</PageHeading>
      <div>
        <Table
          caption="Changes in the team, the latest first"
          head={
            <>
              <Th>When</Th>
              <Th>Who</Th>
              <Th>What</Th>
              <Th>Of what</Th>
              <Th>Before</Th>
              <Th>After</Th>
            </>
          }
        >
          {events.map((event) => (
            <tr key={event.id}>
              <Td className="whitespace-nowrap">
                <Time at={event.at} />
              </Td>
              <Td>{event.actor}</Td>
              <Td className="font-mono">{event.action}</Td>
              <Td className="break-all">{event.subject}</Td>
              <Td>
                <Values value={event.before} />
              </Td>
              <Td>
                <Values value={event.after} />
              </Td>
            </tr>
          ))}
        </Table>
        <Pagination page={page} size={SIZE} total={total} what="changes" href={(other) => `?page=${other}`} />
      </div>
    </>
  );
}

function Values({ value }: { value: unknown }) {
  if (value === null || typeof value !== "object") return <Missing />;
  return Object.entries(value).map(([name, entry]) => (
    <span key={name} className="block break-all">
      <span className="text-muted">{name}</span> {String(entry)}
    </span>
  ));
}
