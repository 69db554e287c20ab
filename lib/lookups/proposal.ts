import { runChecks } from "#lib/checks/catalogue.ts";
import { about } from "#lib/checks/finding.ts";
import { collect, type Gathering, gather, type Probes } from "#lib/checks/gather.ts";
import { CHECKS, type CheckName, type Verdict, worstStatus } from "#lib/checks/verdict.ts";
import type { DnsFact, DnsType } from "#lib/probes/dns-fact.ts";
import { MAX_POLICY_BYTES } from "#lib/probes/limits.ts";
import type { PolicyFetchFact } from "#lib/probes/policy-fact.ts";
import type { ProbeSettings } from "#lib/probes/probe-settings.ts";
import { createProbes } from "#lib/probes/probes.ts";
import { policyHost, policyUrl, stsRecordName } from "#lib/standards/record-names.ts";
import type { FinishedLookup } from "./look-up.ts";

/** A policy that is not published yet. */
export interface Proposal {
  /** Where it was read, for people. */
  source: string;
  /** Its octets as latin1 chars. */
  body: string;
}

/** What is about publishing, and has no answer before it is done. */
const ABOUT_PUBLISHING = [
  ...["mta-sts-record", "mta-sts-host", "mta-sts-certificate", "mta-sts-fetch", "mta-sts-id"],
] as CheckName[];

/** Judges a proposed policy against the live mail hosts of a domain (A-labels). Never rejects for what the network does. */
export async function judgeProposal(
  domain: string,
  settings: ProbeSettings,
  proposal: Proposal,
): Promise<FinishedLookup> {
  const checkedAt = new Date();
  const gathering = gatherWithProposal(domain, createProbes(settings), checkedAt, proposal);
  const checks = runChecks(gathering, decidedFor(domain, proposal));
  const verdicts = (await Promise.all(CHECKS.map((check) => checks.get(check) ?? []))).flat();
  const worst = worstStatus(verdicts.map((verdict) => verdict.status)) ?? "error";
  return { domain, checkedAt, worst, verdicts, facts: await collect(gathering) };
}

/** Gathers the facts of a domain as if the proposal were its policy; what is published instead is not asked for. */
function gatherWithProposal(domain: string, probes: Probes, now: Date, proposal: Proposal): Gathering {
  const recordName = stsRecordName(domain);
  const host = policyHost(domain);
  const record = answer(recordName, "TXT", [{ strings: ["v=STSv1; id=proposed;"], ttl: 3600 }]);
  const gathering = gather(
    domain,
    {
      ...probes,
      resolveTxt: async (name) => (name === recordName ? record : probes.resolveTxt(name)),
      resolveAddresses: async (name) =>
        name === host ? { a: answer(name, "A", []), aaaa: answer(name, "AAAA", []) } : probes.resolveAddresses(name),
    },
    now,
  );
  return { ...gathering, policyFetch: Promise.resolve(proposedFetch(domain, host, proposal.body)) };
}

/** The verdicts of the checks that are about publishing: none of them has looked at anything. */
function decidedFor(domain: string, { source }: Proposal): Map<CheckName, Verdict[]> {
  return new Map(ABOUT_PUBLISHING.map((check) => [check, [about(check, domain)("policy-proposed", { source })]]));
}

/** What takes the place of a fetch: a policy that came over no connection. */
function proposedFetch(domain: string, host: string, body: string): PolicyFetchFact {
  const tooLarge = body.length > MAX_POLICY_BYTES;
  return {
    ...{ url: policyUrl(domain), host, address: null, attempts: [], tls: null, legacyVersions: null },
    http: { status: 200, location: null, contentType: "text/plain", body, tooLarge },
    ...{ failure: null, milliseconds: 0, proposed: true },
  };
}

function answer<T>(name: string, type: DnsType, records: T[]): DnsFact<T> {
  const result = { ok: true, records, ttl: 3600 } as const;
  return { name, type, chain: [], authenticated: false, resolver: "", milliseconds: 0, result };
}
