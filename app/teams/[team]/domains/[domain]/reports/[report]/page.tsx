import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { PageProps } from "#app/page-props.ts";
import { domainAccess } from "#app/session.ts";
import { Rate } from "#components/domains/rate.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { Card, Notice } from "#components/ui/card.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { Missing, Sent, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { formatDay, Time } from "#components/ui/time.tsx";
import { may } from "#lib/accounts/roles.ts";
import { reportWithAll } from "#lib/db/read-reports.ts";
import { QUIRKS, type QuirkCode } from "#lib/standards/report-quirks.ts";
import { meaningOf, policyTypeName } from "#lib/standards/token-meanings.ts";

type Props = PageProps<{ team: string; domain: string; report: string }>;

export const metadata: Metadata = { title: "Report" };

/** One report, policy by policy. */
export default async function ReportPage({ params }: Props) {
  const { team: slug, domain: name, report: id } = await params;
  const { team, role, domain } = await domainAccess(slug, name, "report.view");
  const report = await reportWithAll(domain.id, id);
  if (report === null) notFound();
  const base = `/teams/${team.slug}/domains/${domain.name}`;
  return (
    <>
      <PageHeading
        title={`Report of ${report.organization} for ${formatDay(report.day)}`}
        aside={
          may(role, "raw.download") && (
            <ButtonLink
              href={`/api/teams/${team.slug}/domains/${domain.name}/reports/${report.id}/raw`}
              prefetch={false}
            >
              Download as it arrived
            </ButtonLink>
          )
        }
      />
      {!report.counted && (
        <Notice tone="warn" title="This report was replaced">
          <p>
            The same reporter sent the same report again with other content. The charts count the{" "}
            {report.replacedBy ? (
              <TextLink href={`${base}/reports/${report.replacedBy}`}>later revision</TextLink>
            ) : (
              "later revision"
            )}
            .
          </p>
        </Notice>
      )}
      <Card title="About the report" id="about">
        <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5">
          <Fact name="Report-ID" value={report.reportId} mono />
          <Fact name="Contact" value={report.contact} mono />
          <dt className="text-muted">Range</dt>
          <dd>
            <Time at={report.beginAt} /> to <Time at={report.endAt} />
          </dd>
          <dt className="text-muted">Received</dt>
          <dd>
            <Time at={report.receivedAt} /> by {report.door}
          </dd>
          <Fact name="File" value={report.fileName} mono />
          <dt className="text-muted">Quirks</dt>
          <dd>
            {report.quirks.length === 0 ? (
              "None: the report follows RFC 8460."
            ) : (
              <ul className="space-y-1">
                {report.quirks.map((quirk) => (
                  <li key={quirk}>
                    {quirk in QUIRKS ? QUIRKS[quirk as QuirkCode].meaning : ""}{" "}
                    <span className="font-mono text-muted text-xs">{quirk}</span>
                  </li>
                ))}
              </ul>
            )}
          </dd>
        </dl>
      </Card>
      {report.policies.map((policy) => (
        <Card
          key={policy.position}
          id={`policy-${policy.position}`}
          title={`${policyTypeName(policy.type)}${policy.domain ? ` for ${policy.domain}` : ""}`}
          aside={<Rate successes={policy.successes} failures={policy.failures} />}
        >
          <div className="space-y-4">
            {policy.strings.length > 0 && (
              <details>
                <summary className="w-fit text-muted hover:underline">The policy as the reporter knows it</summary>
                <pre className="mt-2 overflow-x-auto whitespace-pre-wrap break-all rounded-md border border-line bg-sunken p-2 font-mono">
                  {policy.strings.join("\n")}
                </pre>
              </details>
            )}
            {policy.details.length === 0 ? (
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
                {policy.details.map((failure, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the same failure can stand there twice; the list never moves.
                  <tr key={index}>
                    <Td>
                      {meaningOf(failure.cause)}
                      <span className="block break-all font-mono text-muted text-xs">{failure.resultType}</span>
                    </Td>
                    <Td className="break-all font-mono">
                      <Sent value={failure.mx} />
                      {failure.helo && failure.helo !== failure.mx && (
                        <span className="block text-muted text-xs">HELO {failure.helo}</span>
                      )}
                    </Td>
                    <Td className="break-all font-mono text-xs">
                      <Sent value={failure.sendingIp} />
                      <span className="block">
                        <Sent value={failure.receivingIp} />
                      </span>
                    </Td>
                    <Td className="max-w-72 break-words">
                      {failure.reason ?? failure.additional ?? <Missing />}
                      {failure.reason && failure.additional && (
                        <span className="block text-muted text-xs">{failure.additional}</span>
                      )}
                    </Td>
                    <Td number>{failure.sessions.toLocaleString("en")}</Td>
                  </tr>
                ))}
              </Table>
            )}
          </div>
        </Card>
      ))}
    </>
  );
}

function Fact({ name, value, mono }: { name: string; value: string | null; mono?: boolean }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className={mono ? "break-all font-mono" : "break-words"}>
        <Sent value={value} />
      </dd>
    </>
  );
}
