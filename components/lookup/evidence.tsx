import type { Facts } from "#lib/checks/gather.ts";
import type { Verdict } from "#lib/checks/verdict.ts";
import { policyHost } from "#lib/standards/record-names.ts";
import { CertificateChain } from "./certificate-chain.tsx";
import { type AnyDnsFact, zoneLines } from "./dns-text.ts";
import { Fold } from "./fold.tsx";
import { PolicyText } from "./policy-text.tsx";

/** The groups that rest on facts of their own. */
export type EvidencePart = "mail-hosts" | "mta-sts" | "dane" | "tls-rpt";

/** The facts that the verdicts of one group rest on, each folded. */
export function GroupEvidence(props: { part: EvidencePart; facts: Facts; verdicts: readonly Verdict[] }) {
  const { part, facts, verdicts } = props;
  return (
    <div className="space-y-2 pt-3">
      {part === "mta-sts" && <PolicyEvidence facts={facts} verdicts={verdicts} />}
      <DnsAnswers summary={ANSWERS[part].summary} facts={ANSWERS[part].of(facts)} />
    </div>
  );
}

const ANSWERS: Record<EvidencePart, { summary: string; of(facts: Facts): (AnyDnsFact | null)[] }> = {
  "mail-hosts": {
    summary: "DNS answers: MX and address records",
    of: ({ mx, domainAddresses, mailHosts }) => [
      mx,
      ...both(domainAddresses),
      ...mailHosts.flatMap((host) => both(host.addresses)),
    ],
  },
  "mta-sts": {
    summary: "DNS answers: MTA-STS record and policy host",
    of: ({ stsTxt, policyHostAddresses, policyHostCaa }) => [stsTxt, ...both(policyHostAddresses), policyHostCaa],
  },
  dane: {
    summary: "DNS answers: TLSA records, and names known to be signed",
    of: ({ mailHosts, signedNames }) => [
      ...mailHosts.flatMap(({ tlsa }) => tlsa.map(({ records }) => records)),
      ...signedNames,
    ],
  },
  "tls-rpt": {
    summary: "DNS answers: TLS-RPT records and destinations",
    of: ({ tlsRptTxt, mistakenTlsRptTxt, destinations, mailHosts }) => [
      ...[tlsRptTxt, ...mistakenTlsRptTxt],
      ...destinations.flatMap(({ mx, addresses }) => [mx, ...both(addresses)]),
      ...mailHosts.map((host) => host.tlsRptTxt),
    ],
  },
};

function both(addresses: Facts["domainAddresses"]): AnyDnsFact[] {
  return addresses === null ? [] : [addresses.a, addresses.aaaa];
}

function DnsAnswers({ summary, facts }: { summary: string; facts: (AnyDnsFact | null)[] }) {
  const lines = facts.flatMap((fact) => (fact === null ? [] : [zoneLines(fact).join("\n")]));
  if (lines.length === 0) return null;
  return (
    <Fold summary={summary}>
      <pre className="whitespace-pre-wrap break-all rounded-md border border-line bg-sunken p-3 font-mono text-xs">
        {lines.join("\n\n")}
      </pre>
    </Fold>
  );
}

function PolicyEvidence({ facts, verdicts }: { facts: Facts; verdicts: readonly Verdict[] }) {
  const { policyFetch, domain, checkedAt } = facts;
  return (
    <>
      {policyFetch?.http && (
        <Fold summary="The policy as it was served">
          <PolicyText http={policyFetch.http} verdicts={verdicts} />
        </Fold>
      )}
      {policyFetch?.tls && (
        <Fold summary={`Certificate chain of ${policyHost(domain)}`}>
          <p className="text-muted text-xs">
            {policyFetch.tls.version}, cipher {policyFetch.tls.cipher}, at{" "}
            <span className="font-mono">{policyFetch.address}</span>
          </p>
          <CertificateChain tls={policyFetch.tls} host={policyHost(domain)} checkedAt={checkedAt} />
        </Fold>
      )}
    </>
  );
}
