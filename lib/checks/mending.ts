import {
  DANE_MISSING,
  DNSSEC_MISSING,
  DNSSEC_WRONG,
  SIGNATURE_ENDS,
  TLSA_ANCHOR,
  TLSA_BASE,
  TLSA_MISMATCH,
  TLSA_RECORD,
  TLSA_ROLLOVER,
} from "./mending-dane.ts";
import {
  CERTIFICATE_CHAIN,
  CERTIFICATE_EXPIRED,
  CERTIFICATE_KEY,
  CERTIFICATE_NAME,
  HANDSHAKE_FAILS,
  HOST_SILENT,
  PLAINTEXT_INJECTED,
  SNI_DEMANDED,
  STARTTLS_MISSING,
  TLS_OLD,
} from "./mending-mail-host.ts";
import {
  HOST_NOT_COVERED,
  POLICY_HOST,
  POLICY_HOST_CERTIFICATE,
  POLICY_RECORD,
  POLICY_TEXT,
  REPORT_RECORD,
} from "./mending-policy.ts";
import type { Mending } from "./mending-step.ts";
import { codesOf, type FindingCode, wordsOf } from "./wording.ts";

/** Steps for single findings. */
const BY_CODE: Readonly<Partial<Record<FindingCode, Mending>>> = {
  "starttls-not-offered": STARTTLS_MISSING,
  "starttls-masked": STARTTLS_MISSING,
  "starttls-temporary": HANDSHAKE_FAILS,
  "starttls-reply-refused": HANDSHAKE_FAILS,
  "starttls-handshake-failed": HANDSHAKE_FAILS,
  "starttls-injection": PLAINTEXT_INJECTED,
  "starttls-connection-refused": HOST_SILENT,
  "starttls-connection-timeout": HOST_SILENT,
  "starttls-connection-reset": HOST_SILENT,
  "starttls-reply-timeout": HOST_SILENT,
  "mx-certificate-none": CERTIFICATE_CHAIN,
  "mx-certificate-expired": CERTIFICATE_EXPIRED,
  "mx-certificate-expires-soon": CERTIFICATE_EXPIRED,
  "mx-certificate-not-yet-valid": CERTIFICATE_EXPIRED,
  "mx-certificate-left-behind": CERTIFICATE_EXPIRED,
  "mx-certificate-issuer-expired": CERTIFICATE_CHAIN,
  "mx-certificate-self-signed": CERTIFICATE_CHAIN,
  "mx-certificate-untrusted-root": CERTIFICATE_CHAIN,
  "mx-certificate-chain-incomplete": CERTIFICATE_CHAIN,
  "mx-certificate-untrusted": CERTIFICATE_CHAIN,
  "mx-certificate-name-mismatch": CERTIFICATE_NAME,
  "mx-certificate-common-name-only": CERTIFICATE_NAME,
  "mx-certificate-weak-key": CERTIFICATE_KEY,
  "mx-certificate-weak-signature": CERTIFICATE_KEY,
  "mx-tls-too-old": TLS_OLD,
  "mx-tls-legacy": TLS_OLD,
  "mx-tls-without-12": TLS_OLD,
  "mx-tls-without-13": TLS_OLD,
  "mx-tls-no-forward-secrecy": TLS_OLD,
  "mx-tls-short-dh": TLS_OLD,
  "mx-tls-sni-demanded": SNI_DEMANDED,
  "mx-tls-default-certificate": SNI_DEMANDED,
  "dnssec-mx-insecure": DNSSEC_MISSING,
  "dnssec-partially-protected": DNSSEC_MISSING,
  "dnssec-hosts-unsigned": DNSSEC_MISSING,
  "dnssec-mx-bogus": DNSSEC_WRONG,
  "dnssec-mx-signature-expires-soon": SIGNATURE_ENDS,
  "dnssec-host-signature-expires-soon": SIGNATURE_ENDS,
  "dnssec-host-bogus": DNSSEC_WRONG,
  "dane-records-none": DANE_MISSING,
  "dane-records-partial": DANE_MISSING,
  "dane-records-unsigned": DNSSEC_MISSING,
  "dane-records-bogus": DNSSEC_WRONG,
  "dane-records-servfail": DNSSEC_WRONG,
  "dane-records-failing-unasked": DNSSEC_WRONG,
  "dane-records-pkix-only": TLSA_RECORD,
  "dane-records-pkix-beside": TLSA_RECORD,
  "dane-records-unusable": TLSA_RECORD,
  "dane-records-all-unusable": TLSA_RECORD,
  "dane-records-full": TLSA_RECORD,
  "dane-records-only-sha512": TLSA_RECORD,
  "dane-records-large": TLSA_RECORD,
  "dane-records-signature-expires-soon": SIGNATURE_ENDS,
  "dane-match-rollover": TLSA_ROLLOVER,
  "dane-match-none": TLSA_MISMATCH,
  "dane-match-combination": TLSA_MISMATCH,
  "dane-match-stronger-digest": TLSA_MISMATCH,
  "dane-match-not-issued": TLSA_MISMATCH,
  "dane-match-anchor-not-sent": TLSA_ANCHOR,
  "dane-match-bare-key": TLSA_ANCHOR,
  "dane-match-leaf-as-anchor": TLSA_RECORD,
  "dane-match-expired": CERTIFICATE_EXPIRED,
  "dane-match-not-yet-valid": CERTIFICATE_EXPIRED,
  "dane-match-chain-unusable": CERTIFICATE_CHAIN,
  "dane-match-no-certificate": CERTIFICATE_CHAIN,
  "dane-match-name": CERTIFICATE_NAME,
  "dane-match-no-starttls": STARTTLS_MISSING,
  "dane-match-tls-fails": HANDSHAKE_FAILS,
  "dane-match-base-refused": TLSA_BASE,
  "dane-match-base-other": TLSA_BASE,
  "sts-mx-not-covered": HOST_NOT_COVERED,
  "sts-mx-wildcard-too-deep": HOST_NOT_COVERED,
  "sts-mx-wildcard-apex": HOST_NOT_COVERED,
  "sts-mx-wildcard-own-zone": HOST_NOT_COVERED,
  "sts-id-behind": POLICY_RECORD,
  "sts-id-line-ends": POLICY_RECORD,
  "tls-rpt-hosts-invalid": REPORT_RECORD,
};

/** Steps for all findings of a check that tell of something wrong. */
const BY_CHECK = {
  "mta-sts-record": POLICY_RECORD,
  "mta-sts-host": POLICY_HOST,
  "mta-sts-certificate": POLICY_HOST_CERTIFICATE,
  "mta-sts-fetch": POLICY_HOST,
  "mta-sts-policy": POLICY_TEXT,
  "tls-rpt-record": REPORT_RECORD,
  "tls-rpt-destinations": REPORT_RECORD,
} as const;

const MENDINGS: ReadonlyMap<string, Mending> = new Map([
  ...Object.entries(BY_CHECK).flatMap(([check, mending]) =>
    codesOf(check as keyof typeof BY_CHECK)
      .filter((code) => wordsOf(code).status === "fail" || wordsOf(code).status === "warn")
      .map((code) => [code, mending] as const),
  ),
  ...Object.entries(BY_CODE),
]);

/** How to mend what a finding tells of, step by step; null where its own advice is all there is. */
export function mendingOf(code: string): Mending | null {
  return MENDINGS.get(code) ?? null;
}
