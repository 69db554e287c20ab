import { checkDaneMatch } from "./dane-match.ts";
import { checkDaneRecords } from "./dane-records.ts";
import { checkDnssec } from "./dnssec.ts";
import { about, worstFirst } from "./finding.ts";
import type { Facts, Gathering } from "./gather.ts";
import { checkMtaStsCertificate } from "./mta-sts-certificate.ts";
import { checkMtaStsFetch } from "./mta-sts-fetch.ts";
import { checkMtaStsHost } from "./mta-sts-host.ts";
import { checkMtaStsId } from "./mta-sts-id.ts";
import { checkMtaStsMaxAge } from "./mta-sts-max-age.ts";
import { checkMtaStsMode } from "./mta-sts-mode.ts";
import { checkMtaStsMx } from "./mta-sts-mx.ts";
import { checkMtaStsPolicy } from "./mta-sts-policy.ts";
import { checkMtaStsRecord } from "./mta-sts-record.ts";
import { checkMx } from "./mx.ts";
import { checkMxAddress } from "./mx-address.ts";
import { checkMxCertificate } from "./mx-certificate.ts";
import { checkMxTls } from "./mx-tls.ts";
import { checkOutcome } from "./outcome.ts";
import { checkStarttls } from "./starttls.ts";
import { checkTlsRptDestinations } from "./tls-rpt-destinations.ts";
import { checkTlsRptHosts } from "./tls-rpt-hosts.ts";
import { checkTlsRptRecord } from "./tls-rpt-record.ts";
import type { CheckName, Status, Verdict } from "./verdict.ts";
import { worstStatus } from "./verdict.ts";

type FactName = Exclude<keyof Facts, "domain" | "checkedAt">;

/** One check: what has to be well before it, which facts it waits for, and how it judges them. */
interface CatalogueEntry {
  check: CheckName;
  needs: readonly CheckName[];
  facts: readonly FactName[];
  judge(facts: Facts): Verdict[];
  judgeLater(gathering: Gathering): Promise<Verdict[]>;
}

/** What tells which mail hosts there are. */
const HOSTS = ["mx", "domainAddresses", "mailHosts"] as const;

/** All checks, each after those that it needs. */
export const CATALOGUE: readonly CatalogueEntry[] = [
  entry(
    "outcome",
    [],
    [
      ...(["mx", "domainAddresses", "mailHosts", "smtp", "outward", "signedNames"] as const),
      ...(["stsTxt", "policyHostAddresses", "policyFetch", "policyFetches"] as const),
    ],
    checkOutcome,
  ),
  entry("mx", [], ["mx", "domainAddresses"], checkMx),
  // Not behind the MX records as a whole: one host that is none does not keep the others from being judged.
  entry("mx-address", [], HOSTS, checkMxAddress),
  entry("starttls", [], [...HOSTS, "smtp", "outward"], checkStarttls),
  entry("mx-certificate", [], [...HOSTS, "smtp", "outward"], checkMxCertificate),
  entry("mx-tls", [], [...HOSTS, "smtp", "outward"], checkMxTls),
  entry("dnssec", [], ["signedNames", "mx", "mailHosts"], checkDnssec),
  entry("dane-records", [], [...HOSTS, "signedNames"], checkDaneRecords),
  entry("dane-match", [], [...HOSTS, "signedNames", "smtp"], checkDaneMatch),
  entry("mta-sts-record", [], ["mx", "stsTxt", "subdomains"], checkMtaStsRecord),
  entry("mta-sts-host", [], ["stsTxt", "policyHostAddresses", "policyFetch", "policyHostCaa"], checkMtaStsHost),
  entry("mta-sts-certificate", ["mta-sts-host"], ["policyFetch", "policyFetches"], checkMtaStsCertificate),
  // Not behind the certificate: a host that was not reached is told here, and the certificate skipped.
  entry("mta-sts-fetch", ["mta-sts-host"], ["policyFetch", "policyFetches", "policyAgents"], checkMtaStsFetch),
  entry("mta-sts-policy", ["mta-sts-fetch"], ["mx", "policyFetch"], checkMtaStsPolicy),
  // Not behind the policy: a mode that does not exist is told here too.
  entry("mta-sts-mode", ["mta-sts-fetch"], ["policyFetch", "stsTxt"], checkMtaStsMode),
  entry("mta-sts-max-age", ["mta-sts-policy"], ["policyFetch"], checkMtaStsMaxAge),
  entry("mta-sts-mx", ["mta-sts-policy"], ["mx", "domainAddresses", "policyFetch"], checkMtaStsMx),
  entry(
    "mta-sts-id",
    ["mta-sts-record", "mta-sts-fetch"],
    ["mx", "stsTxt", "policyFetch", "earlierPolicy"],
    checkMtaStsId,
  ),
  entry("tls-rpt-record", [], ["mx", "tlsRptTxt", "mistakenTlsRptTxt"], checkTlsRptRecord),
  entry("tls-rpt-destinations", [], ["mx", "tlsRptTxt", "destinations", "webDestinations"], checkTlsRptDestinations),
  entry("tls-rpt-hosts", [], HOSTS, checkTlsRptHosts),
];

/** Judges stored facts: the verdicts of all checks, in the order of the catalogue. */
export function judge(facts: Facts): Verdict[] {
  const done = new Map<CheckName, Verdict[]>();
  for (const { check, needs, judge: judgeFacts } of CATALOGUE) {
    const skipped = skippedAfter(check, needs, (name) => done.get(name) ?? [], facts.domain);
    done.set(check, skipped ?? safely(check, facts.domain, () => judgeFacts(facts)));
  }
  return [...done.values()].flat();
}

/**
 * Judges facts as they come in: each check's verdicts as soon as they are known. None of the promises rejects.
 * @param decided verdicts of checks that are not to be run
 */
export function runChecks(
  gathering: Gathering,
  decided: ReadonlyMap<CheckName, Verdict[]> = new Map(),
): Map<CheckName, Promise<Verdict[]>> {
  const running = new Map<CheckName, Promise<Verdict[]>>();
  for (const one of CATALOGUE) {
    const verdicts = decided.get(one.check);
    running.set(one.check, verdicts ? Promise.resolve(verdicts) : runCheck(one, gathering, running));
  }
  return running;
}

async function runCheck(
  { check, needs, judgeLater }: CatalogueEntry,
  gathering: Gathering,
  running: ReadonlyMap<CheckName, Promise<Verdict[]>>,
): Promise<Verdict[]> {
  const before = new Map<CheckName, Verdict[]>();
  for (const name of needs) before.set(name, (await running.get(name)) ?? []);
  const skipped = skippedAfter(check, needs, (name) => before.get(name) ?? [], gathering.domain);
  if (skipped !== null) return skipped;
  try {
    return worstFirst(await judgeLater(gathering));
  } catch (cause) {
    return [crashed(check, gathering.domain, cause)];
  }
}

function entry<Name extends FactName>(
  check: CheckName,
  needs: readonly CheckName[],
  facts: readonly Name[],
  judgeFacts: (facts: Pick<Facts, Name | "domain" | "checkedAt">) => Verdict[],
): CatalogueEntry {
  return {
    check,
    needs,
    facts,
    judge: judgeFacts,
    judgeLater: async (gathering) => judgeFacts(await pick(gathering, facts)),
  };
}

async function pick<Name extends FactName>(
  gathering: Gathering,
  names: readonly Name[],
): Promise<Pick<Facts, Name | "domain" | "checkedAt">> {
  const { domain, checkedAt } = gathering;
  const found = await Promise.all(names.map(async (name) => [name, await gathering[name]] as const));
  return { domain, checkedAt, ...Object.fromEntries(found) } as Pick<Facts, Name | "domain" | "checkedAt">;
}

const STOPS = {
  fail: "skipped-after-fail",
  error: "skipped-after-error",
  skipped: "skipped-after-skip",
} as const;

/** The verdict of a check whose prerequisite is not well; null when it can be judged. */
function skippedAfter(
  check: CheckName,
  needs: readonly CheckName[],
  verdictsOf: (name: CheckName) => readonly Verdict[],
  domain: string,
): Verdict[] | null {
  for (const prerequisite of needs) {
    const ofWhole = verdictsOf(prerequisite).filter((verdict) => !isOfOneAddress(verdict));
    const worst = worstStatus(ofWhole.map((verdict) => verdict.status));
    if (worst !== null && isStop(worst)) return [about(check, domain)(STOPS[worst], { prerequisite })];
  }
  return null;
}

/** "host [address]": what is wrong there does not stop the judgement of what was seen at another address. */
function isOfOneAddress({ subject }: Verdict): boolean {
  return /^\S+ \[\S+\]$/.test(subject);
}

function isStop(status: Status): status is keyof typeof STOPS {
  return status in STOPS;
}

/** A fault of ours is an error of the check, never a fault of the domain. */
function safely(check: CheckName, domain: string, run: () => Verdict[]): Verdict[] {
  try {
    return worstFirst(run());
  } catch (cause) {
    return [crashed(check, domain, cause)];
  }
}

function crashed(check: CheckName, domain: string, cause: unknown): Verdict {
  return about(check, domain)("check-crashed", { message: cause instanceof Error ? cause.message : String(cause) });
}
