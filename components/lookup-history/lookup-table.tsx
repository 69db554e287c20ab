import { StatusBadge } from "#components/ui/status-badge.tsx";
import { Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { isStatus } from "#lib/checks/verdict.ts";

/** One lookup of the list. */
interface Row {
  id: string;
  checkedAt: Date;
  worst: string;
  mode: string | null;
  fail: number;
  warn: number;
  error: number;
  pass: number;
  changes: number;
}

/** The lookups of a domain, the latest first, with what each found. */
export function LookupTable({ lookups, base }: { lookups: readonly Row[]; base: string }) {
  return (
    <Table
      caption="Lookups, the latest first"
      head={
        <>
          <Th>When</Th>
          <Th>Worst finding</Th>
          <Th>Policy</Th>
          <Th number>Problems</Th>
          <Th number>Need attention</Th>
          <Th number>Not checked</Th>
          <Th number>Passed</Th>
          <Th number>Changes</Th>
        </>
      }
    >
      {lookups.map((lookup) => (
        <tr key={lookup.id}>
          <Td className="whitespace-nowrap">
            <TextLink href={`${base}/${lookup.id}`}>
              <Time at={lookup.checkedAt} />
            </TextLink>
          </Td>
          <Td>
            <StatusBadge status={isStatus(lookup.worst) ? lookup.worst : "error"} />
          </Td>
          <Td className="font-mono">
            {lookup.mode ?? (
              <>
                <span aria-hidden="true">-</span>
                <span className="sr-only">none seen</span>
              </>
            )}
          </Td>
          <Td number>{lookup.fail}</Td>
          <Td number>{lookup.warn}</Td>
          <Td number>{lookup.error}</Td>
          <Td number>{lookup.pass}</Td>
          <Td number>{lookup.changes}</Td>
        </tr>
      ))}
    </Table>
  );
}
