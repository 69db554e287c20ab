import Link from "next/link";
import { Rate } from "#components/domains/rate.tsx";
import { doorName } from "#components/reports/doors.ts";
import { OutcomeBadge } from "#components/reports/outcome-badge.tsx";
import { SignatureBadge } from "#components/reports/signature-badge.tsx";
import { Reported } from "#components/ui/reported.tsx";
import { Missing, Table, Td, Th } from "#components/ui/table.tsx";
import { formatDay, Time } from "#components/ui/time.tsx";
import type { ReportRow } from "#lib/db/read-reports.ts";
import { signatureKind } from "#lib/reports/signature-kind.ts";
import { policyTypeName } from "#lib/standards/token-meanings.ts";
import { visibleText } from "#lib/standards/visible-text.ts";
import { CountForm } from "./vouch-forms.tsx";

/** Reports, one on each row: what it is about, how it came, whom it is from, and what has become of it. */
export function ReportTable(props: {
  reports: readonly ReportRow[];
  team: string;
  domain: string;
  mayVouch: boolean;
  /** The one whose sessions are shown; null for each report's first. */
  policyType: string | null;
}) {
  const { reports, team, domain, mayVouch, policyType } = props;
  return (
    <Table
      caption="Reports, the latest day first"
      head={
        <>
          <Th>Day (UTC)</Th>
          <Th>Reporter</Th>
          <Th>Policies</Th>
          <Th number>Failed sessions</Th>
          <Th>Outcome</Th>
          <Th>DKIM</Th>
          <Th>Door, received</Th>
          <Th number>Quirks</Th>
        </>
      }
    >
      {reports.map((report) => (
        <tr key={report.id}>
          <Td className="whitespace-nowrap">
            <Link
              href={`/teams/${team}/domains/${domain}/reports/${report.id}`}
              className="text-accent hover:underline"
            >
              {formatDay(report.day)}
              <span className="sr-only"> by {visibleText(report.organization, 80)}</span>
            </Link>
          </Td>
          <Td className="max-w-48 break-words">
            <Reported text={report.organization} most={80} />
          </Td>
          <Td>
            {report.outcome === "thinned" ? (
              <Missing why="the details were removed" />
            ) : (
              report.policyTypes.map(policyTypeName).join(", ")
            )}
          </Td>
          <Td number>
            {report.successes === null ? (
              <Missing why="the details were removed" />
            ) : (
              <>
                <Rate successes={report.successes} failures={report.failures} />
                {report.policyTypes.length > 1 && (
                  <span className="block text-muted text-xs">
                    under {policyTypeName(policyType ?? report.policyTypes[0] ?? "")}
                  </span>
                )}
              </>
            )}
          </Td>
          <Td>
            <OutcomeBadge outcome={report.outcome} counted={report.counted} />
            {report.outcome === "held" && mayVouch && (
              <div className="mt-1 w-44">
                <CountForm team={team} domain={domain} id={report.id} organization={report.organization} />
              </div>
            )}
          </Td>
          <Td className="max-w-40">
            <SignatureBadge kind={signatureKind(report)} signer={report.dkimSigner} />
          </Td>
          <Td className="whitespace-nowrap">
            {doorName(report.door)}
            <span className="block text-muted text-xs">
              <Time at={report.receivedAt} />
            </span>
          </Td>
          <Td number>{report.quirks.length}</Td>
        </tr>
      ))}
    </Table>
  );
}
