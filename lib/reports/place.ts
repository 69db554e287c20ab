import { createHash, hash } from "node:crypto";
import type { DomainHint } from "#lib/standards/report-hints.ts";
import type { QuirkCode } from "#lib/standards/report-quirks.ts";
import type { Budget } from "./inflate.ts";
import type { ReadTlsReport } from "./json.ts";
import type { MailRoom } from "./mail-room.ts";
import { inPlace, type NotAReportCode, notAReport, type Refused } from "./refusal.ts";

/** What names a report's domain and sender beside the report itself. None of it is proven. */
export interface Hints {
  /** From the mail's header and subject and the file's name, best first. */
  domains: DomainHint[];
  /** Domain of the sender, from the mail's header or subject, or else from the file's name. */
  submitter: string | null;
  /** Domain of the one author of the mail. */
  author: string | null;
}

/** Characters. */
const HASHED_AT_ONCE = 1024 * 1024;

/** Whether a letter beyond U+FFFF began with the character before. */
const isSecondHalf = (code: number) => code >= 0xdc00 && code <= 0xdfff;

/** A report that was read. A class, since a literal with a getter costs as much as three policies. */
export class DecodedReport {
  readonly outcome = "report";
  readonly report: ReadTlsReport;
  readonly hints: Hints;
  /** The mails around it, the innermost first; none where it came in no mail. */
  readonly messages: readonly Buffer[];
  /** The report's JSON as it was sent. */
  readonly json: string;

  constructor(report: ReadTlsReport, hints: Hints, messages: readonly Buffer[], json: string) {
    this.report = report;
    this.hints = hints;
    this.messages = messages;
    this.json = json;
  }

  /** SHA-256 of the report's JSON, in hex; made when it is asked for. */
  get contentHash(): string {
    const { json } = this;
    if (json.length <= HASHED_AT_ONCE) return hash("sha256", json);
    // In pieces: the UTF-8 of the largest report, all of it, would be 100 MB more.
    const sum = createHash("sha256");
    for (let at = 0, end = 0; at < json.length; at = end) {
      end = at + HASHED_AT_ONCE;
      if (isSecondHalf(json.charCodeAt(end))) end--;
      sum.update(json.slice(at, end));
    }
    return sum.digest("hex");
  }
}

/** One report, or why there is none. */
export type Decoded = DecodedReport | Refused;

/** Where in a file some bytes were found. */
export interface Place {
  /** Name of the file, attachment or entry. */
  name: string | null;
  /** What the mail around says. */
  mail: Hints | null;
  /** The mails around, the innermost first. */
  messages: readonly Buffer[];
  quirks: readonly QuirkCode[];
  gzips: number;
  zips: number;
  mails: number;
  budget: Budget;
  mailRoom: MailRoom;
}

/** Reads what was found inside a container, at once where nothing has to be waited for. Never throws. */
export type ReadInside = (bytes: Buffer, place: Place) => Decoded[] | Promise<Decoded[]>;

/**
 * What a container comes to: its reports and what was rejected in it. What is no report only counts when there is nothing
 * else, since every mail has a text and many archives a note.
 */
export function choose(results: Decoded[], code: NotAReportCode, reason: string): Decoded[] {
  const ours = results.filter((result) => result.outcome !== "not-a-report");
  if (ours.length > 0) return ours;
  return [results.find((result) => "code" in result && result.code === "dmarc-report") ?? notAReport(code, reason)];
}

/** The result with the place in its reason. */
export function within(kind: string, name: string, result: Decoded): Decoded {
  if (result.outcome === "report") return result;
  const short = name.length > 100 ? `${name.slice(0, 100).replace(/[\ud800-\udbff]$/, "")}…` : name;
  return inPlace(result, `in the ${kind} "${short}":`);
}
