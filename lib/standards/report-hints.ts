import { normaliseHost } from "./domain-name.ts";
import { isHostName } from "./host-grammar.ts";

/** A policy domain that is named outside of `policy-domain`, and where (quirk 8). The report's own word comes first. */
export interface DomainHint {
  domain: string;
  from: "header" | "subject" | "filename" | "report-id";
}

/** Whom a mail or a file says it is about, and from whom. */
export interface NamedParties {
  domain: string | null;
  submitter: string | null;
}

/** A domain name in its stored form, or null when the text is none. */
export function domainIn(text: string | undefined): string | null {
  if (text === undefined || text.length > 500) return null;
  const domain = normaliseHost(text.trim());
  return domain.includes(".") && isHostName(domain) ? domain : null;
}

// RFC 8460 §5.3, in the spellings of real senders: folded between words, the id with or without angle brackets.
const SUBJECT = /Report\s+Domain:\s*(\S+)\s+Submitter:\s*(\S+)/i;

/** Reads `Report Domain: D Submitter: S Report-ID: <I>`. */
export function partiesOfSubject(subject: string): NamedParties {
  const match = SUBJECT.exec(subject.slice(0, 4000));
  return { domain: domainIn(match?.[1]), submitter: domainIn(match?.[2]) };
}

/** Reads `submitter!policy-domain!begin!end[!id].json[.gz]` (RFC 8460 §5.1); a folder before it does not matter. */
export function partiesOfFileName(name: string): NamedParties {
  const [submitter, domain, begin, end] = name.replace(/^.*[/\\]/s, "").split("!");
  const named = /^\d{1,12}$/.test(begin ?? "") && /^\d{1,12}(?:\D|$)/.test(end ?? "");
  return named ? { domain: domainIn(domain), submitter: domainIn(submitter) } : { domain: null, submitter: null };
}

// Quirk 21. Google: 2024-09-03T00:00:00Z_dom, and 2024.09.03T00.00.00Z+dom@google.com; tlsrpt-reporter:
// 2025-09-20T00:00:00Z_idx1_dom; Microsoft: 133944884956529435+dom.
const REPORT_IDS = [
  /^\d{4}-\d\d-\d\dT[\d:]+Z_(?:idx\d+_)?([^_\s]+)$/,
  /^<?\d{4}\.\d\d\.\d\dT[\d.]+Z\+([^@\s]+)@/,
  /^<?\d{15,20}\+([^@>\s]+)/,
];

/** The policy domain in a report-id of a known shape; null in all others. */
export function domainOfReportId(id: string): string | null {
  for (const shape of REPORT_IDS) {
    const match = shape.exec(id);
    if (match !== null) return domainIn(match[1]);
  }
  return null;
}
