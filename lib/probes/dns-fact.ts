/** Record types that Sealpost asks for. */
export type DnsType = "A" | "AAAA" | "CNAME" | "MX" | "TXT" | "TLSA" | "SOA" | "CAA" | "NS";

/**
 * Why a DNS question has no records. `no-such-name` (NXDOMAIN) and `no-data` are answers: the name or the type does not
 * exist. All others mean that we could not look.
 */
export type DnsFailure =
  | "no-such-name"
  | "no-data"
  | "timeout"
  | "servfail"
  | "refused"
  | "malformed"
  | "network"
  | "chain-too-long"
  | "chain-loop";

export interface MxRecord {
  preference: number;
  /** Lower-case A-label form without a trailing dot; "" for the null MX (RFC 7505). */
  exchange: string;
}

/** One TXT record as its character-strings, each octet as one char (latin1), so that nothing is lost (RFC 1035 §3.3.14). */
export interface TxtRecord {
  strings: string[];
  ttl: number;
}

/** How long a signature holds (RFC 4034 §3.1.5), each ISO 8601 in UTC. */
export interface DnsSignature {
  inception: string;
  expiration: string;
}

/** What the DNS answered to one question: records or a named failure, with the path that led there. */
export interface DnsFact<T> {
  /** The name asked, lower-case, without a trailing dot. */
  name: string;
  type: DnsType;
  /** CNAME targets that were followed, in order; empty when the name itself answered. */
  chain: string[];
  /** True when the resolver set the AD bit (RFC 4035 §3.2.3) on every answer of the chain. */
  authenticated: boolean;
  /**
   * After SERVFAIL: true when the same question with the CD bit, which tells the resolver not to validate (RFC 4035
   * §3.2.2), did get an answer. The records are there, and their signatures are wrong.
   */
  answeredUnchecked?: boolean;
  /**
   * Where records were found and vouched for: what holds the answer up the shortest. Of several signatures over the same
   * records one that is valid is enough, so that the last of them counts; of records and aliases all are needed, so that
   * the first to run out counts. Missing where no signature came with the answer, and in facts of older lookups.
   */
  signature?: DnsSignature;
  /** Who answered, e.g. "127.0.0.1:53"; "" when nobody did. */
  resolver: string;
  milliseconds: number;
  result:
    | { ok: true; records: T[] /** Smallest TTL of the answer, in seconds. */; ttl: number }
    | { ok: false; failure: DnsFailure; detail: string };
}
