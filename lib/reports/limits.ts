import type { JsonLimits } from "#lib/standards/report-json.ts";
import type { ReportLimits } from "#lib/standards/report-reading.ts";

// Each limit of reading reports, with its reason. Real reports have a few kilobytes; what goes past a limit is refused
// with a sentence, and nothing past it is ever in memory (RFC 8460 §7, standards.md P17 and P25).

const MB = 1024 * 1024;

/** Any file as it arrives: a report of 10 MB in base64 has 13.7 MB, and a mail says some words more. */
export const MAX_FILE_BYTES = 16 * MB;

/** Compressed data: RFC 8460 §5.3 expects mail systems to take about 10 MB. */
export const MAX_COMPRESSED_BYTES = 10 * MB;

/** What all compressed data of one file may come to: JSON of this size costs about a second and 500 MB. */
export const MAX_INFLATED_BYTES = 100 * MB;

/** Reports shrink to a tenth or a fiftieth; zeros shrink to a thousandth. Below a megabyte any ratio is harmless. */
export const MAX_RATIO = 250;
export const RATIO_FREE_BYTES = MB;

/** Compressed data above this is inflated by libuv's threads: 64 kB may come to 16 MB, some 20 ms of work. */
export const MAX_SYNC_BYTES = 64 * 1024;

/** gzip members in one file: writers that flush by starting a new one make dozens. */
export const MAX_GZIP_MEMBERS = 64;

/** Entries of a zip: a person's folder of a year of reports from one sender fits. */
export const MAX_ZIP_ENTRIES = 512;

/**
 * Zip in zip, or gzip in gzip: no sender does it, bombs do. One layer of each is read. In a mail gzip counts anew, since
 * Dovecot keeps mails gzipped and a mailbox is archived so.
 */
export const MAX_ARCHIVE_LAYERS = 1;

/** Parts in parts and mails in mails: a list's wrapper around a forwarded mail has four or five levels. */
export const MAX_MAIL_DEPTH = 10;

/** Parts of a mail, at all levels: a report mail has three. */
export const MAX_MAIL_PARTS = 1_000;

/** Mails in an mbox: a mailbox of a year, from eight reporters. Each costs about a third of a millisecond. */
export const MAX_MBOX_MAILS = 5_000;

/** All header fields of a mail and its parts: long chains of signatures come to 50 kB. */
export const MAX_MAIL_HEADER_BYTES = 256 * 1024;

/**
 * Parts of all mails of a file, each mail counted as one: 5,000 mails that have ten parts each. A part costs up to 30
 * microseconds, so that the worst file takes two seconds, in turns with everything else.
 */
export const MAX_FILE_PARTS = 60_000;

/** Header fields of all mails of a file: 5,000 mails that have 8 kB each. The costliest fields take two seconds. */
export const MAX_FILE_HEADER_BYTES = 40 * MB;

/** DKIM signatures of a mail whose keys are looked up: senders write one or two, relays and lists add some. */
export const MAX_SIGNATURES = 8;

/** Different DKIM keys that one file has looked up: a year of mails from one reporter names a dozen. */
export const MAX_FILE_KEYS = 64;

/** Different DKIM keys of all files that are read together. */
export const MAX_BATCH_KEYS = 256;

/** Mails whose signatures are checked at the same time. */
export const MAX_PROOFS_AT_ONCE = 32;

/** Reports that follow each other in one JSON file, as many as a zip may have. */
export const MAX_JSON_REPORTS = MAX_ZIP_ENTRIES;

/** Before `JSON.parse`: a report has six levels; 2 million values hold 100,000 failures twice over. */
export const JSON_LIMITS: JsonLimits = { depth: 32, values: 2_000_000 };

/**
 * In a report: 1,000 policies (standards.md A4.1; one domain has two or three), 100,000 failures, policies of 1,000
 * lines, and texts of 4,096 characters (the longest reasons of real senders have about 200).
 */
export const REPORT_LIMITS: ReportLimits = { policies: 1_000, failures: 100_000, entries: 1_000, text: 4_096 };
