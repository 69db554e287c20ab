import { MX_WORDS } from "./wording-mx.ts";
import { SHARED_WORDS } from "./wording-shared.ts";
import { STS_CERTIFICATE_WORDS } from "./wording-sts-certificate.ts";
import { STS_FETCH_WORDS } from "./wording-sts-fetch.ts";
import { STS_HOST_WORDS } from "./wording-sts-host.ts";
import { STS_MX_WORDS } from "./wording-sts-mx.ts";
import { STS_POLICY_WORDS } from "./wording-sts-policy.ts";
import { STS_RECORD_WORDS } from "./wording-sts-record.ts";
import { STS_SETTINGS_WORDS } from "./wording-sts-settings.ts";
import { TLS_RPT_DESTINATION_WORDS, TLS_RPT_RECORD_WORDS } from "./wording-tls-rpt.ts";
import type { Words } from "./words.ts";

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
};

/** The name of a finding: stable, since stored verdicts carry it. */
export type FindingCode = keyof typeof WORDS;

/** All codes that a verdict can have. */
export const FINDING_CODES = Object.keys(WORDS) as FindingCode[];

/** Status and texts of a finding. */
export function wordsOf(code: FindingCode): Words {
  return WORDS[code];
}
