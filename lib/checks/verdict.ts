/** How a check came out. `skipped` and `error` are never green: we have not seen that all is well. */
export type Status = "pass" | "info" | "skipped" | "warn" | "error" | "fail";

/** Names of the checks, in the order in which a lookup shows them. */
export const CHECKS = [
  "outcome",
  "mx",
  "mx-address",
  "starttls",
  "mx-certificate",
  "mx-tls",
  "dnssec",
  "dane-records",
  "dane-match",
  "mta-sts-record",
  "mta-sts-host",
  "mta-sts-certificate",
  "mta-sts-fetch",
  "mta-sts-policy",
  "mta-sts-mode",
  "mta-sts-max-age",
  "mta-sts-mx",
  "mta-sts-id",
  "tls-rpt-record",
  "tls-rpt-destinations",
  "tls-rpt-hosts",
] as const;
export type CheckName = (typeof CHECKS)[number];

/** One judgement about one subject, with what it rests on. */
export interface Verdict {
  check: CheckName;
  status: Status;
  /** Stable kebab-case name of the finding, e.g. "sts-record-id-invalid"; the key into the wording. */
  code: string;
  /** What the verdict is about: the domain, a host, or "host [address]". */
  subject: string;
  title: string;
  detail: string;
  /** What to do about it, or null when there is nothing to do. */
  fix: string | null;
  /** RFC paragraph, e.g. "RFC 8461 §3.1", or null. */
  reference: string | null;
  /** The facts that it was judged on, small and JSON-ready; of `outcome`, the rows of its table. */
  evidence: Record<string, unknown> | OutcomeRow[];
}

/** What a sender does with mail: over TLS, in the clear, or not now. */
export type Act = "deliver" | "unprotected" | "defer";

/** What each kind of sender does with mail for one address of one mail host; null where that is not known from here. */
export interface OutcomeRow {
  mx: string;
  /** Null for a host without an address. */
  address: string | null;
  mtaSts: Act | null;
  dane: Act | null;
  opportunistic: Act | null;
  reason: string;
}

const ORDER: Status[] = ["pass", "info", "skipped", "warn", "error", "fail"];

/** Tells a status from any other text, as from a database. */
export function isStatus(text: string): text is Status {
  return (ORDER as string[]).includes(text);
}

/** The worst status of a group; null for an empty group, since no data is not "pass". */
export function worstStatus(statuses: Iterable<Status>): Status | null {
  let worst: Status | null = null;
  for (const status of statuses) {
    if (worst === null || ORDER.indexOf(status) > ORDER.indexOf(worst)) worst = status;
  }
  return worst;
}
