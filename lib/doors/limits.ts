import { MAX_FILE_BYTES, MAX_INFLATED_BYTES } from "#lib/reports/limits.ts";

// Each limit of the doors, with its reason. What a report may hold is limited in lib/reports/limits.ts.

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const KB = 1024;
const MB = 1024 * KB;

/** What the SMTP door takes from its clients. */
export interface SmtpLimits {
  /** A mail as sent: a report of 10 MB in base64, and the words around it. Announced as SIZE (RFC 1870). */
  mailBytes: number;
  /** Recipients of a mail: RFC 5321 §4.5.3.1.8 wants at least 100. */
  recipients: number;
  /** Unknown recipients on a connection, each a question to the database; a sender knows the addresses that it was told. */
  unknownRecipients: number;
  /** Connections at the same time, in all. */
  connections: number;
  /** Connections at the same time from one network; the big senders use two or three. */
  connectionsOfNetwork: number;
  /** Mails on a connection; then a sender connects anew, perhaps to another worker. */
  mailsOfConnection: number;
  /** Mails from one network within `rateMs`: a sender of 500 domains' reports, all at once. */
  mailsOfNetwork: number;
  rateMs: number;
  /** Silence in which nothing is owed to the client: RFC 5321 §4.5.3.2.7 asks for five minutes. */
  idleMs: number;
  /** From DATA to the last byte, however steadily bytes trickle: 14 MB at 0.4 Mbit/s. */
  dataMs: number;
  /** A connection's whole life. */
  sessionMs: number;
  /** Up to here a mail is small: real reports have a few kilobytes, and every connection may bring one. */
  smallMailBytes: number;
  /** Larger mails at the same time, from the moment that they grow large until they are answered. */
  largeMailsAtOnce: number;
  /** Large mails that are read at the same time: each may inflate to 100 MB. */
  largeMailsRead: number;
  /** For mails under way when the worker stops; the supervisor waits 15 s. */
  stopMs: number;
}

/** Memory stays below `connections` × `smallMailBytes` + `largeMailsAtOnce` × `mailBytes`: 70 MB. */
export const SMTP_LIMITS: SmtpLimits = {
  mailBytes: MAX_FILE_BYTES,
  recipients: 100,
  unknownRecipients: 20,
  connections: 100,
  connectionsOfNetwork: 10,
  mailsOfConnection: 1_000,
  mailsOfNetwork: 1_000,
  rateMs: 5 * MINUTE_MS,
  idleMs: 5 * MINUTE_MS,
  dataMs: 5 * MINUTE_MS,
  sessionMs: 30 * MINUTE_MS,
  smallMailBytes: 64 * KB,
  largeMailsAtOnce: 4,
  largeMailsRead: 1,
  stopMs: 8 * SECOND_MS,
};

/** Between two tries to listen, when the port is taken or the certificate cannot be read. */
export const LISTEN_AGAIN_MS = 10 * SECOND_MS;

/** How often certificate files are read again: they are renewed every few weeks. */
export const CERTIFICATE_AGAIN_MS = 60 * MINUTE_MS;

/** How many requests may come at once, and how many a second in the long run. */
export interface Rate {
  burst: number;
  perSecond: number;
}

/** What one HTTPS door takes. */
export interface HttpsLimits {
  perAddress: Rate;
  perInbox: Rate;
  /** For all of a body. */
  bodyMs: number;
  /** Bodies that are read or stored, all together. */
  heldBytes: number;
  /** Up to here a body is small, by what it may come to once it is inflated; real reports stay far below. */
  smallBytes: number;
  /** What larger bodies may come to that are read and stored at the same time, all together. */
  largeBytes: number;
  /** How long a larger body waits for the others; then its sender is to send it again. */
  largeWaitMs: number;
  /** For the rest of a body that was refused, so that its sender gets to read the answer. */
  drainMs: number;
}

/**
 * A sender with many policies sends all its reports of a day within a minute after midnight, many senders share one address,
 * and an import of years comes this way too. 10 MB at 1 Mbit/s take 80 seconds. 128 MB are eight bodies of the largest size,
 * or thousands of real ones. The largest report takes about 8 s and 600 MB: one of them is read at a time, or twenty of a
 * twentieth of that, and a sender whose report waits still has patience.
 */
export const HTTPS_LIMITS: HttpsLimits = {
  perAddress: { burst: 20_000, perSecond: 200 },
  perInbox: { burst: 20_000, perSecond: 200 },
  bodyMs: 120_000,
  heldBytes: 128 * MB,
  smallBytes: 4 * MB,
  largeBytes: MAX_INFLATED_BYTES,
  largeWaitMs: 30_000,
  drainMs: 10_000,
};

/** Outcomes that an HTTPS answer tells one by one: a zip's 512 fit; the rest of an mbox is counted. */
export const OUTCOMES_TOLD = 1_000;

/** Letters of a reason in such a list: the longest of ours have about 250, names of attachments among them. */
export const LONGEST_REASON = 300;

/** Addresses and inboxes whose rate is known at a time; some 100 bytes each. */
export const MAX_RATE_KEYS = 50_000;

/** Arrivals that are stored in one transaction, and their bytes; larger ones go alone. */
export const TOGETHER = { arrivals: 128, bytes: 1024 * 1024 } as const;

/** Transactions for one inbox at a time: while one is stored the next is read. */
export const TURNS_AT_ONCE = 2;

/** Inboxes that are looked up in one query. */
export const INBOXES_AT_ONCE = 256;

/** Such queries at a time: when one of them gets no answer, other inboxes do not wait for that. */
export const INBOX_QUESTIONS = 2;
