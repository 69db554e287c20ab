// make…() functions: tests and the sample data build what they need with these, so that both look like the real thing.
import { gzipSync } from "node:zlib";

/** A failure as a report's JSON has it (RFC 8460 §4.4); what is not given is left out. */
export interface MadeFailure {
  "result-type": string;
  "failed-session-count": number;
  "sending-mta-ip"?: string;
  "receiving-mx-hostname"?: string;
  "receiving-ip"?: string;
  "failure-reason-code"?: string;
}

/** What `makePolicy` can be told; the rest is believable. */
export interface PolicyOptions {
  type?: string;
  domain?: string;
  mode?: string;
  mx?: string[];
  maxAge?: number;
  successes?: number;
  failures?: number;
  details?: MadeFailure[];
}

/** One entry of a report's `policies`; the failure total is that of the details unless given. */
export function makePolicy(options: PolicyOptions = {}) {
  const { type = "sts", domain = "example.org", mode = "testing", maxAge = 604_800, details = [] } = options;
  const { mx = [`mx.${domain}`], successes = 100 } = options;
  const failures = options.failures ?? details.reduce((sum, detail) => sum + detail["failed-session-count"], 0);
  const lines = ["version: STSv1", `mode: ${mode}`, ...mx.map((pattern) => `mx: ${pattern}`), `max_age: ${maxAge}`];
  return {
    policy: {
      "policy-type": type,
      ...(type === "sts" ? { "policy-string": lines } : {}),
      ...(type === "tlsa" ? { "policy-string": [`3 1 1 ${"ab".repeat(32)}`] } : {}),
      "policy-domain": domain,
      ...(type === "sts" ? { "mx-host": mx } : {}),
    },
    summary: { "total-successful-session-count": successes, "total-failure-session-count": failures },
    ...(details.length > 0 ? { "failure-details": details } : {}),
  };
}

/** What `makeReport` can be told. */
export interface ReportOptions {
  organization?: string;
  contact?: string;
  id?: string;
  /** YYYY-MM-DD */
  day?: string;
  policies?: ReturnType<typeof makePolicy>[];
}

/** A TLS report exactly in the form of RFC 8460 §4. */
export function makeReport(options: ReportOptions = {}) {
  const { organization = "Google Inc.", contact = "smtp-tls-reporting@google.com", day = "2026-11-01" } = options;
  const { policies = [makePolicy()], id = `${day}T00:00:00Z_${policies[0]?.policy["policy-domain"]}` } = options;
  return {
    "organization-name": organization,
    "date-range": { "start-datetime": `${day}T00:00:00Z`, "end-datetime": `${day}T23:59:59Z` },
    "contact-info": contact,
    "report-id": id,
    policies,
  };
}

/** A report as the file that senders attach: gzipped JSON under RFC 8460 §5.1's name. */
export function makeReportFile(report: ReturnType<typeof makeReport>): { fileName: string; bytes: Buffer } {
  const range = report["date-range"];
  const seconds = (at: string) => Math.floor(Date.parse(at) / 1000);
  const sender = report["contact-info"].split("@")[1] ?? "unknown";
  const domain = report.policies[0]?.policy["policy-domain"] ?? "unknown";
  const span = `${seconds(range["start-datetime"])}!${seconds(range["end-datetime"])}`;
  return { fileName: `${sender}!${domain}!${span}!001.json.gz`, bytes: gzipSync(JSON.stringify(report)) };
}

/** Numbers between 0 and 1 that are the same for the same seed, so that a made world can be made again. */
export function makeChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
