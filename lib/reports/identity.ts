import { hash } from "node:crypto";
import type { ReadTlsReport } from "./json.ts";

/**
 * What makes two reports the same report (standards.md P24, quirks 21 and 22): reporter, id, range and the policy domains.
 * Report-ids alone are not unique: one sender gives the same to two recipients. A domain that the mail or the file's name
 * told in the place of the report (quirk 8) is none of its policy domains: through another door it comes without that.
 * @returns hex SHA-256; the content's own hash for a report without an id, which then has no revisions
 */
export function identityHash(report: ReadTlsReport, contentHash: string): string {
  if (report.reportId === null) return contentHash;
  const isTold = report.quirks.some((quirk) => quirk.startsWith("policy-domain-"));
  const domains = isTold ? [] : [...new Set(report.policies.map((policy) => policy.domain))].sort();
  return hash("sha256", JSON.stringify([report.organization, report.reportId, report.begin, report.end, domains]));
}

/**
 * The reporter's name as it is shown, counted and trusted: as sent, or the sender's domain (standards.md A4.1). Of a very long
 * one it is the beginning and a hash of the whole, so that two that begin alike stay two; lists show both parts.
 */
export function organizationOf(report: ReadTlsReport, submitter: string | null): string {
  const contactDomain = report.contact?.split("@")[1]?.toLowerCase();
  const name = report.organization ?? submitter ?? contactDomain ?? "Unnamed reporter";
  if (name.length <= MAX_ORGANIZATION) return name;
  // A surrogate pair at the cut is left out as a whole.
  return `${name.slice(0, BEGINNING).replace(/[\ud800-\udbff]$/, "")}…${hash("sha256", name).slice(0, 8)}`;
}

/** It stands in keys of the database, which hold about 2,700 bytes; real names have some 20 characters. */
const MAX_ORGANIZATION = 120;
const BEGINNING = 70;
