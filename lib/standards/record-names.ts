/** RFC 8461 §3.1 (M1, M14): where the MTA-STS record of a domain stands. */
export function stsRecordName(domain: string): string {
  return `_mta-sts.${domain}`;
}

/** RFC 8461 §3.3 (M20): the host that serves the policy of a domain. */
export function policyHost(domain: string): string {
  return `mta-sts.${domain}`;
}

/** RFC 8461 §3.3 (M20): the one URL at which the policy of a domain counts. */
export function policyUrl(domain: string): string {
  return `https://${policyHost(domain)}/.well-known/mta-sts.txt`;
}

/** RFC 8460 §3 (T1): where the TLS-RPT record of a domain stands. */
export function tlsRptRecordName(domain: string): string {
  return `_smtp._tls.${domain}`;
}

/** T1: names at which the TLS-RPT record is found by mistake: labels swapped, and the name of an early draft. */
export function mistakenTlsRptNames(domain: string): string[] {
  return [`_tls._smtp.${domain}`, `_smtp-tlsrpt.${domain}`];
}

/** RFC 7672 §2.2.3, RFC 6698 §3: where the TLSA records of a mail host stand, whatever port a lab uses instead. */
export function tlsaName(host: string): string {
  return `_25._tcp.${host}`;
}
