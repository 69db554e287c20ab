import type { Facts } from "#lib/checks/gather.ts";
import type { DnsFact, DnsType } from "#lib/probes/dns-fact.ts";
import { SAMPLE_DOMAIN, SAMPLE_HOSTS, SAMPLE_PATTERNS } from "./sample-world.ts";

const POLICY_HOST = `mta-sts.${SAMPLE_DOMAIN}`;

/** What a lookup of the sample domain would have seen: a policy in testing that forgets the third mail host. */
export function makeSampleFacts(now: Date): Facts {
  const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000).toISOString();
  const body = ["version: STSv1", "mode: testing", ...SAMPLE_PATTERNS.map((mx) => `mx: ${mx}`), "max_age: 604800", ""];
  const certificate = {
    ...{ subject: `CN=${POLICY_HOST}`, issuer: "CN=Sample CA", dnsNames: [POLICY_HOST], commonName: POLICY_HOST },
    ...{ notBefore: inDays(-40), notAfter: inDays(50), serialNumber: "01", fingerprint256: "", pem: "" },
  };
  return {
    domain: SAMPLE_DOMAIN,
    checkedAt: now.toISOString(),
    mx: found(
      SAMPLE_DOMAIN,
      "MX",
      SAMPLE_HOSTS.map((exchange, index) => ({ preference: 10 * (index + 1), exchange })),
    ),
    domainAddresses: null,
    stsTxt: found(`_mta-sts.${SAMPLE_DOMAIN}`, "TXT", [{ strings: ["v=STSv1; id=20260701080000;"], ttl: 3600 }]),
    policyHostAddresses: {
      a: found(POLICY_HOST, "A", ["192.0.2.1"]),
      aaaa: found(POLICY_HOST, "AAAA", ["2001:db8::1"]),
    },
    policyFetch: {
      url: `https://${POLICY_HOST}/.well-known/mta-sts.txt`,
      host: POLICY_HOST,
      address: "192.0.2.1",
      attempts: [],
      tls: { version: "TLSv1.3", cipher: "TLS_AES_128_GCM_SHA256", chain: [certificate], chainError: null },
      legacyVersions: [],
      http: { status: 200, location: null, contentType: "text/plain", body: body.join("\r\n"), tooLarge: false },
      failure: null,
      milliseconds: 84,
    },
    tlsRptTxt: found(`_smtp._tls.${SAMPLE_DOMAIN}`, "TXT", [
      { strings: ["v=TLSRPTv1; rua=mailto:tls-reports@reports.example"], ttl: 3600 },
    ]),
    mistakenTlsRptTxt: [],
    destinations: [
      {
        domain: "reports.example",
        mx: found("reports.example", "MX", [{ preference: 10, exchange: "mx.reports.example" }]),
        addresses: null,
      },
    ],
  };
}

function found<T>(name: string, type: DnsType, records: T[]): DnsFact<T> {
  return {
    ...{ name, type, chain: [], authenticated: true, resolver: "sample data", milliseconds: 12 },
    result: { ok: true, records, ttl: 3600 },
  };
}
