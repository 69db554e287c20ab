import Link from "next/link";
import { DomainName } from "#components/ui/domain-name.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { Missing, Table, Td, Th } from "#components/ui/table.tsx";
import { ago, Time } from "#components/ui/time.tsx";
import { isStatus } from "#lib/checks/verdict.ts";
import { Rate } from "./rate.tsx";
import { SampleMark } from "./sample-mark.tsx";

/** One domain at a glance; null is what is not known yet. */
interface DomainLine {
  name: string;
  sample: boolean;
  worst: string | null;
  checkedAt: Date | null;
  mode: string | null;
  successes: number | null;
  failures: number | null;
  lastReportAt: Date | null;
}

/** A team's domains, the worst first. */
export function DomainTable({ team, domains, now }: { team: string; domains: readonly DomainLine[]; now: Date }) {
  return (
    <Table
      caption="Domains, those with problems first"
      head={
        <>
          <Th>Domain</Th>
          <Th>Last lookup</Th>
          <Th>Policy mode</Th>
          <Th number>Failed sessions, 30 days</Th>
          <Th>Last report</Th>
        </>
      }
    >
      {domains.map((domain) => (
        <tr key={domain.name}>
          <Td>
            <Link href={`/teams/${team}/domains/${domain.name}`} className="font-semibold text-accent hover:underline">
              <DomainName name={domain.name} />
            </Link>
            {domain.sample && <SampleMark />}
          </Td>
          <Td>
            {domain.worst !== null && isStatus(domain.worst) && domain.checkedAt ? (
              <>
                <StatusBadge status={domain.worst} />
                <span className="block text-muted text-xs">{ago(domain.checkedAt, now)}</span>
              </>
            ) : (
              <span className="text-muted">Not yet</span>
            )}
          </Td>
          <Td className="font-mono">{domain.mode ?? <Missing />}</Td>
          <Td number>
            <Rate successes={domain.successes} failures={domain.failures} />
          </Td>
          <Td>
            {domain.lastReportAt ? (
              <Time at={domain.lastReportAt} now={now} />
            ) : (
              <span className="text-muted">None yet</span>
            )}
          </Td>
        </tr>
      ))}
    </Table>
  );
}
