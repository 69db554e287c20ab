/** Policy types of a report (RFC 8460 §4.4): which policy the reporter applied. */
export const POLICY_TYPES = ["sts", "tlsa", "no-policy-found"] as const;
export type PolicyType = (typeof POLICY_TYPES)[number];

/** Result types of a failure (RFC 8460 §4.3; the IANA registry has had no other since 2018). */
export const RESULT_TYPES = [
  // §4.3.1: about one session with one MX host
  "starttls-not-supported",
  "certificate-host-mismatch",
  "certificate-expired",
  "certificate-not-trusted",
  "validation-failure",
  // §4.3.2.1: about DANE
  "tlsa-invalid",
  "dnssec-invalid",
  "dane-required",
  // §4.3.2.2: about the MTA-STS policy itself
  "sts-policy-fetch-error",
  "sts-policy-invalid",
  "sts-webpki-invalid",
] as const;
export type ResultType = (typeof RESULT_TYPES)[number];

const POLICY_TYPE_SET: ReadonlySet<string> = new Set(POLICY_TYPES);
const RESULT_TYPE_SET: ReadonlySet<string> = new Set(RESULT_TYPES);

/** Whether a token, in lower case, is a policy type of the RFC. */
export function isPolicyType(token: string): token is PolicyType {
  return POLICY_TYPE_SET.has(token);
}

/** Whether a token, in lower case, is a result type of the registry. */
export function isResultType(token: string): token is ResultType {
  return RESULT_TYPE_SET.has(token);
}
