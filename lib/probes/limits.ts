/** How long a probe waits, in milliseconds. A test passes smaller ones; everything else uses `LIMITS`. */
export interface ProbeLimits {
  /** Patience with one resolver, per round over all resolvers. */
  dnsTries: readonly number[];
  /** For one fact: all tries, resolvers and CNAME hops together. */
  dnsTotal: number;
  /** From SYN to an open TCP connection, for each address. */
  connect: number;
  tlsHandshake: number;
  /** Connection and handshake of the extra tries with TLS 1.0 and 1.1. */
  legacyTls: number;
  /** RFC 8461 §3.3: one minute for the complete answer, counted from the first connection. */
  fetchTotal: number;
  /** For the greeting of a mail host; many let a client wait on purpose (RFC 5321 §4.5.3.2.1 grants five minutes). */
  smtpGreeting: number;
  /** For any other complete reply of a mail host. */
  smtpReply: number;
  /** For the reply to QUIT, which tells nothing. */
  smtpQuit: number;
  /** All connections to one address of a mail host together, not counted while others have their turn. */
  smtpTotal: number;
  /** From SYN to an open connection to a well-known mail host. */
  outward: number;
}

export const LIMITS: ProbeLimits = {
  dnsTries: [2_000, 3_000, 5_000],
  dnsTotal: 10_000,
  connect: 10_000,
  tlsHandshake: 15_000,
  legacyTls: 4_000,
  fetchTotal: 60_000,
  smtpGreeting: 20_000,
  smtpReply: 15_000,
  smtpQuit: 1_000,
  smtpTotal: 60_000,
  outward: 5_000,
};

/** Questions that one lookup may have on the wire at the same time. */
export const MAX_DNS_QUESTIONS = 16;

/** RFC 6891 §6.2.5 leaves the size to us; 1232 octets fit an IPv6 packet of the minimum MTU without fragments. */
export const EDNS_PAYLOAD_BYTES = 1_232;

/** A DNS message over TCP or HTTPS has a 16-bit length (RFC 1035 §4.2.2, RFC 8484 §6). */
export const MAX_DNS_MESSAGE_BYTES = 65_535;

/** A longer CNAME chain is not followed; resolvers give up at 8 to 16. */
export const MAX_CNAME_HOPS = 8;

/** RFC 8461 §3.3: a sender may stop reading a policy at 64 kilobytes. */
export const MAX_POLICY_BYTES = 65_536;

/** Status line and headers of the policy host together. */
export const MAX_HEADER_BYTES = 16_384;

/** Addresses of one host that are tried: enough for any real host, too few to make a flood of. */
export const MAX_ADDRESSES = 8;

/** RFC 5321 §4.5.3.1.5: a reply line has at most 512 octets; longer ones are about, and do no harm. */
export const MAX_REPLY_LINE_BYTES = 4_096;

/** Lines of one reply; a real EHLO has about twenty. */
export const MAX_REPLY_LINES = 100;

/** All that a mail host may send before we have asked for the next reply. */
export const MAX_REPLY_BYTES = 32_768;

/** Mail hosts that this process speaks with at the same time. */
export const MAX_MAIL_HOSTS_AT_A_TIME = 64;

/**
 * What a mail host did is taken for what it does for this long, in milliseconds: many domains have the same one. A little
 * less than a whole lookup is shared, so that whoever looks again then does look again.
 */
export const SMTP_SHARED_MS = 50_000;

/** Results that are held for that; above it the oldest are forgotten. */
export const MAX_SMTP_SHARED = 1_000;

/** Whether port 25 is open to this machine changes seldom; in milliseconds. */
export const OUTWARD_SHARED_MS = 300_000;
