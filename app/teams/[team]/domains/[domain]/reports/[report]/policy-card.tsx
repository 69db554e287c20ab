import { Rate } from "#components/domains/rate.tsx";
import { Card } from "#components/ui/card.tsx";
import { Reported } from "#components/ui/reported.tsx";
import { Missing, Sent, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { reportWithAll } from "#lib/db/read-reports.ts";
import { meaningOf, policyTypeName } from "#lib/standards/token-meanings.ts";
import { visibleText } from "#lib/standards/visible-text.ts";

type Policy = NonNullable<Awaited<ReturnType<typeof reportWithAll>>>["policies"][number];

/**
 * One policy result of a report: its sessions, the policy as the reporter knows it, and what failed.
 * @param props.allFailures where all its failure details are listed; null when that is nowhere
 */
export function PolicyCard({ policy, allFailures }: { policy: Policy; allFailures: string | null }) {
  const { details, detailsInAll } = policy;
  const lines = policy.strings.map((line) => visibleText(line, 1_000));
  return (
    <Card
      id={`policy-${policy.position}`}
      title={`${policyTypeName(policy.type)}${policy.domain ? ` for ${visibleText(policy.domain, 253)}` : ""}`}
      aside={<Rate successes={policy.successes} failures={policy.failures} words />}
    >
      <div className="space-y-4">
        {lines.length > 0 && (
          <details>
            <summary className="w-fit text-muted hover:underline">The policy as the reporter knows it</summary>
            <pre className="mt-2 overflow-x-auto whitespace-pre-wrap break-all rounded-md border border-line bg-sunken p-2 font-mono">
              {lines.join("\n")}
            </pre>
          </details>
        )}
        {details.length === 0 ? (
          <p className="text-muted">No failure details.</p>
        ) : (
          <Table
            caption="Failure details, most sessions first"
            head={
              <>
                <Th>Result</Th>
                <Th>Mail host</Th>
                <Th>From, to</Th>
                <Th>Reason and more, as sent</Th>
                <Th number>Sessions</Th>
              </>
            }
          >
            {details.map((failure, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the same failure can stand there twice; the list never moves.
              <tr key={index}>
                <Td>
                  {meaningOf(failure.cause)}
                  <span className="block break-all font-mono text-muted text-xs">
                    <Reported text={failure.resultType} />
                  </span>
                </Td>
                <Td className="min-w-40 font-mono wrap-anywhere">
                  <Sent value={failure.mx} />
                  {failure.helo && failure.helo !== failure.mx && (
                    <span className="block text-muted text-xs">
                      HELO <Reported text={failure.helo} />
                    </span>
                  )}
                </Td>
                <Td className="min-w-32 font-mono text-xs wrap-anywhere">
                  <Sent value={failure.sendingIp} />
                  <span className="block">
                    <Sent value={failure.receivingIp} />
                  </span>
                </Td>
                <Td className="min-w-48 max-w-72 break-words">
                  <Reason reason={failure.reason} additional={failure.additional} />
                </Td>
                <Td number>{failure.sessions.toLocaleString("en")}</Td>
              </tr>
            ))}
          </Table>
        )}
        {detailsInAll > details.length && (
          <p className="text-muted">
            Here are the {details.length.toLocaleString("en")} with the most sessions, of{" "}
            {detailsInAll.toLocaleString("en")} failure details.{" "}
            {allFailures !== null && <TextLink href={allFailures}>All failures of this reporter and day</TextLink>}
          </p>
        )}
      </div>
    </Card>
  );
}

/** Longer than in a list: this is the page that shows what was sent. */
const MOST = 1_000;

function Reason({ reason, additional }: { reason: string | null; additional: string | null }) {
  const first = reason || additional;
  if (!first) return <Missing />;
  return (
    <>
      <Reported text={first} most={MOST} />
      {reason && additional && (
        <span className="block text-muted text-xs">
          <Reported text={additional} most={MOST} />
        </span>
      )}
    </>
  );
}
