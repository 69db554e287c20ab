/** A report exactly in the form of RFC 8460 §4.4, as parsed JSON; `changes` replaces keys of the top. */
export function makeReport(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    "organization-name": "Example Mail",
    "date-range": { "start-datetime": "2026-05-04T00:00:00Z", "end-datetime": "2026-05-04T23:59:59Z" },
    "contact-info": "tlsrpt@reporter.example",
    "report-id": "5c0ffee1-2026",
    policies: [makePolicy()],
    ...changes,
  };
}

/** One entry of `policies`; `changes` replaces its keys. */
export function makePolicy(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    policy: {
      "policy-type": "sts",
      "policy-string": [
        "version: STSv1",
        "mode: testing",
        "mx: mx1.example.com",
        "mx: *.relay.example",
        "max_age: 604800",
      ],
      "policy-domain": "example.com",
      "mx-host": ["mx1.example.com", "*.relay.example"],
    },
    summary: { "total-successful-session-count": 5326, "total-failure-session-count": 303 },
    "failure-details": [makeFailure()],
    ...changes,
  };
}

/** One entry of `failure-details` with every key that the RFC has. */
export function makeFailure(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    "result-type": "certificate-expired",
    "sending-mta-ip": "2001:db8:abcd:12::1",
    "receiving-mx-hostname": "mx1.example.com",
    "receiving-mx-helo": "mx1.example.com",
    "receiving-ip": "203.0.113.56",
    "failed-session-count": 303,
    "additional-information": "https://reporter.example/report?id=5065427c",
    "failure-reason-code": "X509_V_ERR_CERT_HAS_EXPIRED",
    ...changes,
  };
}

/** A report whose only policy is of the given keys of `policy`. */
export function makeReportOf(policy: Record<string, unknown>): Record<string, unknown> {
  return makeReport({
    policies: [makePolicy({ policy: { "policy-type": "no-policy-found", "policy-domain": "example.com", ...policy } })],
  });
}

/** A report with one failure of the given keys. */
export function makeReportWith(failure: Record<string, unknown>): Record<string, unknown> {
  return makeReport({ policies: [makePolicy({ "failure-details": [makeFailure(failure)] })] });
}

/** The same as bytes. */
export function bytesOf(report: unknown): Buffer {
  return Buffer.from(JSON.stringify(report));
}
