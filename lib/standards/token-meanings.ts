import type { PolicyType, ResultType } from "./result-types.ts";
import { visibleText } from "./visible-text.ts";

/** Result types (RFC 8460 §4.3), and the cause that has none, in plain words. */
const MEANINGS: Record<ResultType | "mx-not-in-policy", string> = {
  "starttls-not-supported": "STARTTLS was not offered",
  "certificate-host-mismatch": "Certificate names do not fit the mail host",
  "certificate-expired": "Certificate had expired",
  "certificate-not-trusted": "Certificate was not trusted",
  "validation-failure": "Validation failed",
  "tlsa-invalid": "No TLSA record matched",
  "dnssec-invalid": "DNSSEC answers were not valid",
  "dane-required": "DANE was required and missing",
  "sts-policy-fetch-error": "Policy could not be fetched",
  "sts-policy-invalid": "Policy was not valid",
  "sts-webpki-invalid": "Certificate of the policy host was not valid",
  "mx-not-in-policy": "Mail host is not in the policy",
};

const POLICY_MEANINGS: Record<PolicyType, string> = {
  sts: "MTA-STS",
  tlsa: "DANE",
  "no-policy-found": "No policy",
};

/** A token that nobody registered was thought of by a stranger. */
const MOST = 80;

/** What a result type or cause means; the token itself when the registry does not have it. */
export function meaningOf(token: string): string {
  if (token === "") return "No result type was given";
  return Object.hasOwn(MEANINGS, token) ? MEANINGS[token as keyof typeof MEANINGS] : visibleText(token, MOST);
}

/** What a policy type is called; the token itself when RFC 8460 does not have it. */
export function policyTypeName(type: string): string {
  return Object.hasOwn(POLICY_MEANINGS, type) ? POLICY_MEANINGS[type as PolicyType] : visibleText(type, MOST);
}
