import type { FetchFailure, HttpFact, PolicyFetchFact } from "#lib/probes/policy-fact.ts";
import { readStsPolicy } from "#lib/standards/sts-policy.ts";
import { type Say, sayProblems } from "./finding.ts";
import { isCertificateRefused } from "./mta-sts-certificate.ts";
import type { Verdict } from "./verdict.ts";
import type { FindingCode } from "./wording.ts";

// RFC 8461 §3.3 (M29): a minute is the suggested limit; a plain file takes no five seconds.
export const SLOW_MILLISECONDS = 5_000;
const MOST_MILLISECONDS = 60_000;

/** What a fetch that did not come to an answer means; see `FetchFailure` for how far it came. */
const FAILURES: Readonly<Record<FetchFailure, FindingCode>> = {
  "address-refused": "sts-host-private-address",
  "connection-refused": "sts-fetch-connection-refused",
  "connection-timeout": "sts-fetch-connection-timeout",
  "connection-reset": "sts-fetch-connection-reset",
  "network-unreachable": "sts-fetch-network-unreachable",
  "no-route-here": "sts-fetch-no-route",
  "forbidden-here": "sts-fetch-network-unreachable",
  "tls-handshake": "sts-certificate-handshake-failed",
  "tls-timeout": "sts-certificate-timeout",
  "response-timeout": "sts-fetch-response-timeout",
  "response-malformed": "sts-fetch-response-malformed",
  "response-incomplete": "sts-fetch-response-incomplete",
};

/** All that is to be said against one GET of the policy (M20 to M23, M28, M29); nothing where it is as it should be. */
export function judgePolicyAnswer(fact: PolicyFetchFact, say: Say): Verdict[] {
  const { failure, http } = fact;
  if (isCertificateRefused(fact)) return [say("skipped-after-fail", { prerequisite: "mta-sts-certificate" })];
  if (failure?.code === "tls-timeout") return [say("skipped-after-error", { prerequisite: "mta-sts-certificate" })];
  if (failure !== null) return [say(FAILURES[failure.code], fetchEvidence(fact))];
  if (http === null) throw new Error("neither an answer nor a failure of the fetch was recorded");
  return [...judgeHttp(http, fact, say), ...judgeTime(fact, say)];
}

/** What to show of a fetch. */
export function fetchEvidence(fact: PolicyFetchFact): Record<string, unknown> {
  const { url, address, milliseconds, failure } = fact;
  const tried = fact.attempts.map((attempt) => attempt.address);
  const addresses = [...new Set(address === null ? tried : [...tried, address])];
  return {
    url,
    address,
    addresses: addresses.length > 0 ? addresses : "unknown",
    milliseconds,
    error: failure?.detail ?? "",
  };
}

function judgeHttp(http: HttpFact, fact: PolicyFetchFact, say: Say): Verdict[] {
  const { status, location, contentType } = http;
  const evidence = { ...fetchEvidence(fact), status, location: location ?? "nowhere", contentType };
  // RFC 8461 §3.3 (M21): only 200 counts.
  if (status !== 200) return [say(statusCode(status), evidence)];
  // M29: 64 KiB is the suggested limit.
  if (http.tooLarge) return [say("sts-fetch-too-large", evidence)];
  // We ask for no encoding, and so do senders: a body that is compressed all the same is no text to them.
  if (!/^(?:identity)?$/i.test(http.contentEncoding?.trim() ?? "")) {
    return [say("sts-fetch-encoded", { ...evidence, encoding: http.contentEncoding })];
  }
  const page = readStsPolicy(http.body).problems.filter((problem) => problem.code === "sts-policy-html");
  if (page.length > 0) return sayProblems(say, page, evidence);
  return judgeMediaType(contentType, evidence, say);
}

function statusCode(status: number): FindingCode {
  // RFC 8461 §3.3 (M22): a redirect is a failure, also to the same host.
  if (status >= 300 && status <= 399 && status !== 304) return "sts-fetch-redirect";
  if (status === 404 || status === 410) return "sts-fetch-not-found";
  if (status === 401 || status === 403 || status === 429) return "sts-fetch-forbidden";
  if (status >= 400 && status <= 499) return "sts-fetch-client-error";
  return status >= 500 && status <= 599 ? "sts-fetch-server-error" : "sts-fetch-status";
}

/** RFC 8461 §3.2 (M28): text/plain; charset may be utf-8 or us-ascii. */
function judgeMediaType(contentType: string | null, evidence: Record<string, unknown>, say: Say): Verdict[] {
  if (contentType === null || contentType.trim() === "") return [say("sts-fetch-media-type-missing", evidence)];
  const [type = "", ...parameters] = contentType.split(";").map((part) => part.trim().toLowerCase());
  if (type !== "text/plain") return [say("sts-fetch-media-type", evidence)];
  const charset = parameters.find((parameter) => parameter.startsWith("charset="))?.slice("charset=".length);
  const isUsual = charset === undefined || /^"?(?:utf-8|us-ascii)"?$/.test(charset);
  return isUsual ? [] : [say("sts-fetch-charset", evidence)];
}

function judgeTime(fact: PolicyFetchFact, say: Say): Verdict[] {
  const evidence = { ...fetchEvidence(fact), seconds: (fact.milliseconds / 1000).toFixed(1) };
  if (fact.milliseconds > MOST_MILLISECONDS) return [say("sts-fetch-response-timeout", evidence)];
  return fact.milliseconds > SLOW_MILLISECONDS ? [say("sts-fetch-slow", evidence)] : [];
}
