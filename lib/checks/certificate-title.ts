import type { ServedCertificate } from "#lib/probes/policy-fact.ts";

/** What to call a certificate: its subject, which may be empty where it has names (RFC 5280 §4.1.2.6), then the first of these. */
export function titleOf({ subject, dnsNames: [name] }: Pick<ServedCertificate, "subject" | "dnsNames">): string {
  return subject || name || "without a name";
}
