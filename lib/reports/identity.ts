import { hash } from "node:crypto";
import { domainIn } from "#lib/standards/report-hints.ts";
import type { ReadTlsReport } from "./json.ts";
import type { Hints } from "./place.ts";
import { organizationalDomain } from "./speaks-for.ts";

/**
 * The domain that a report says it is from: of its contact, or else of what is around it. A signature proves a report when its
 * domain speaks for this one, and nothing else is proven by it.
 */
export function reporterOf({ contact }: Pick<ReadTlsReport, "contact">, hints: Hints): string | null {
  return domainIn(contact?.split("@").at(-1)) ?? hints.submitter ?? hints.author;
}

/**
 * What makes two reports the same report (standards.md P24, quirks 21 and 22): reporter, id, range and the policy domains.
 * Report-ids alone are not unique: one sender gives the same to two recipients, and anybody can write down somebody else's.
 * So the reporter is the organisation's name and its domain, which is the one that a signature has to be of. A policy domain
 * that the mail or the file's name told in the place of the report (quirk 8) is none: through another door it comes without.
 * @param reporter what `reporterOf` says
 * @returns hex SHA-256; the content's own hash for a report without an id, which then has no revisions
 */
export function identityHash(report: ReadTlsReport, reporter: string | null, contentHash: string): string {
  if (report.reportId === null) return contentHash;
  const { organization, reportId, begin, end } = report;
  const domain = reporter === null ? null : organizationalDomain(reporter);
  const isTold = report.quirks.some((quirk) => quirk.startsWith("policy-domain-"));
  const domains = isTold ? [] : [...new Set(report.policies.map((policy) => policy.domain))].sort();
  return hash("sha256", JSON.stringify([organization, domain, reportId, begin, end, domains]));
}

/**
 * The reporter's name as it is shown, counted and trusted: as sent, or the sender's domain (standards.md A4.1), the same
 * that a signature has to be of: a header field alone names nobody in another's mail. Of a very long one it is the beginning
 * and a hash of the whole, so that two that begin alike stay two; lists show both parts.
 * @param reporter what `reporterOf` says
 */
export function organizationOf(report: ReadTlsReport, reporter: string | null): string {
  const name = report.organization ?? reporter ?? "Unnamed reporter";
  if (name.length <= MAX_ORGANIZATION) return name;
  // A surrogate pair at the cut is left out as a whole.
  return `${name.slice(0, BEGINNING).replace(/[\ud800-\udbff]$/, "")}…${hash("sha256", name).slice(0, 8)}`;
}

/** It stands in keys of the database, which hold about 2,700 bytes; real names have some 20 characters. */
const MAX_ORGANIZATION = 120;
const BEGINNING = 70;
