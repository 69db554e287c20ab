import type { CheckName } from "./verdict.ts";
import { DANE_MATCH_WORDS } from "./wording-dane-match.ts";
import { DANE_RECORD_WORDS } from "./wording-dane-records.ts";
import { DNSSEC_WORDS } from "./wording-dnssec.ts";
import { MX_WORDS } from "./wording-mx.ts";
import { MX_CERTIFICATE_WORDS } from "./wording-mx-certificate.ts";
import { MX_HOST_WORDS } from "./wording-mx-hosts.ts";
import { MX_TLS_WORDS } from "./wording-mx-tls.ts";
import { OUTCOME_WORDS } from "./wording-outcome.ts";
import { SHARED_WORDS } from "./wording-shared.ts";
import { STARTTLS_WORDS } from "./wording-starttls.ts";
import { STS_CERTIFICATE_WORDS } from "./wording-sts-certificate.ts";
import { STS_FETCH_WORDS } from "./wording-sts-fetch.ts";
import { STS_HOST_WORDS } from "./wording-sts-host.ts";
import { STS_ID_WORDS } from "./wording-sts-id.ts";
import { STS_MX_WORDS } from "./wording-sts-mx.ts";
import { STS_POLICY_WORDS } from "./wording-sts-policy.ts";
import { STS_RECORD_WORDS } from "./wording-sts-record.ts";
import { STS_SETTINGS_WORDS } from "./wording-sts-settings.ts";
import { TLS_RPT_DESTINATION_WORDS, TLS_RPT_RECORD_WORDS } from "./wording-tls-rpt.ts";
import { TLS_RPT_HOST_WORDS } from "./wording-tls-rpt-hosts.ts";
import type { Words, WordTable } from "./words.ts";

const WORDS = {
  ...SHARED_WORDS,
  ...MX_WORDS,
  ...STS_RECORD_WORDS,
  ...STS_HOST_WORDS,
  ...STS_CERTIFICATE_WORDS,
  ...STS_FETCH_WORDS,
  ...STS_POLICY_WORDS,
  ...STS_SETTINGS_WORDS,
  ...STS_MX_WORDS,
  ...TLS_RPT_RECORD_WORDS,
  ...TLS_RPT_DESTINATION_WORDS,
  ...MX_HOST_WORDS,
  ...STARTTLS_WORDS,
  ...MX_CERTIFICATE_WORDS,
  ...MX_TLS_WORDS,
  ...DNSSEC_WORDS,
  ...DANE_RECORD_WORDS,
  ...DANE_MATCH_WORDS,
  ...STS_ID_WORDS,
  ...TLS_RPT_HOST_WORDS,
  ...OUTCOME_WORDS,
};

/** The name of a finding: stable, since stored verdicts carry it. */
export type FindingCode = keyof typeof WORDS;

/** All codes that a verdict can have. */
export const FINDING_CODES = Object.keys(WORDS) as FindingCode[];

/** Status and texts of a finding. */
export function wordsOf(code: FindingCode): Words {
  return WORDS[code];
}

/** The findings of each check; those of SHARED_WORDS belong to all. */
const OWN_WORDS: Readonly<Record<CheckName, WordTable>> = {
  outcome: OUTCOME_WORDS,
  mx: MX_WORDS,
  "mx-address": MX_HOST_WORDS,
  starttls: STARTTLS_WORDS,
  "mx-certificate": MX_CERTIFICATE_WORDS,
  "mx-tls": MX_TLS_WORDS,
  dnssec: DNSSEC_WORDS,
  "dane-records": DANE_RECORD_WORDS,
  "dane-match": DANE_MATCH_WORDS,
  "mta-sts-record": STS_RECORD_WORDS,
  "mta-sts-host": STS_HOST_WORDS,
  "mta-sts-certificate": STS_CERTIFICATE_WORDS,
  "mta-sts-fetch": STS_FETCH_WORDS,
  "mta-sts-policy": STS_POLICY_WORDS,
  "mta-sts-mode": beginningWith("sts-mode-", STS_SETTINGS_WORDS),
  "mta-sts-max-age": beginningWith("sts-max-age-", STS_SETTINGS_WORDS),
  "mta-sts-mx": STS_MX_WORDS,
  "mta-sts-id": STS_ID_WORDS,
  "tls-rpt-record": TLS_RPT_RECORD_WORDS,
  "tls-rpt-destinations": TLS_RPT_DESTINATION_WORDS,
  "tls-rpt-hosts": TLS_RPT_HOST_WORDS,
};

/** The findings that any check can have. */
export const SHARED_CODES = Object.keys(SHARED_WORDS) as FindingCode[];

/** The findings of one check, without the shared ones, in the order of their table. */
export function codesOf(check: CheckName): FindingCode[] {
  return Object.keys(OWN_WORDS[check]) as FindingCode[];
}

/** The check that a finding belongs to; null for one that all checks share, or that no longer exists. */
export function checkOf(code: string): CheckName | null {
  const found = Object.entries(OWN_WORDS).find(([, table]) => Object.hasOwn(table, code));
  return found === undefined ? null : (found[0] as CheckName);
}

function beginningWith(start: string, table: WordTable): WordTable {
  return Object.fromEntries(Object.entries(table).filter(([code]) => code.startsWith(start)));
}
