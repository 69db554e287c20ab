import type { TlsFact } from "./policy-fact.ts";

/** Why a mail host was not spoken with, or only in part. */
export type SmtpFailure =
  /** The guard refused the address: not on the public internet (and not in SEALPOST_PROBE_ALLOW). */
  | "address-refused"
  | "connection-refused"
  | "connection-timeout"
  | "connection-reset"
  | "network-unreachable"
  /** This machine has no way to addresses of this family at all. */
  | "no-route-here"
  /** The machine's own firewall forbids the connection. */
  | "forbidden-here"
  /** A connection, but no complete reply in time. */
  | "reply-timeout"
  /** What came is no SMTP reply (RFC 5321 §4.2). */
  | "reply-malformed"
  /** The greeting is a 4xx: greylisted, too many connections, or not ready now. */
  | "greeting-temporary"
  /** The greeting is a 5xx: it takes no mail, or none from here (RFC 5321 §3.1). */
  | "greeting-refused"
  /** EHLO is answered with 4xx. */
  | "ehlo-temporary"
  /** EHLO is answered with 5xx. */
  | "ehlo-refused";

/** One reply of an SMTP server: its code and its lines without it. */
export interface SmtpReply {
  code: number;
  lines: string[];
}

/** What STARTTLS came to (RFC 3207 §4). */
export type StarttlsState =
  /** 220, and the handshake was completed. */
  | "established"
  /** Not among the keywords of EHLO. */
  | "not-offered"
  /** Offered, then 454 or another 4yz: TLS is not available for the moment. */
  | "temporary"
  /** Offered, then a reply that is neither 220 nor 4yz, or none (`reply` is null). */
  | "refused"
  /** 220, then no handshake: an alert, silence, or more plaintext. */
  | "handshake-failed";

export interface StarttlsFact {
  state: StarttlsState;
  /** To STARTTLS; null when it was not sent, or not answered. */
  reply: SmtpReply | null;
  /** Of the handshake, where it failed, or of the missing reply. */
  detail: string | null;
}

/** Why EHLO inside TLS got no keywords. */
export interface InsideFailure {
  code:
    | Extract<SmtpFailure, "connection-reset" | "reply-timeout" | "reply-malformed" | "ehlo-temporary" | "ehlo-refused">
    /** TLS was ended because we show no certificate (RFC 8446 §6.2: certificate_required). */
    | "certificate-demanded";
  detail: string;
  /** What came instead; null when it was no whole reply. */
  reply: SmtpReply | null;
}

/** One TLS version offered alone. */
export interface VersionFact {
  version: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
  /** Null when it could not be tried, as when a further connection was refused. */
  accepted: boolean | null;
  detail: string | null;
}

/** TLS of a mail host. */
export interface MailTlsFact extends TlsFact {
  /** "X25519MLKEM768", "X25519", "P-256", "DH 2048", "RSA" (no forward secrecy), or null when the library does not tell. */
  keyExchange: string | null;
}

/** The certificate that comes without SNI (RFC 7672 §8.1, RFC 8461 §4.2: SNI must not be demanded). */
export interface WithoutSniFact {
  /** SHA-256 of the leaf as in ServedCertificate; null when there was no handshake. */
  fingerprint256: string | null;
  chain: TlsFact["chain"];
  detail: string | null;
}

/** The handshake that says the TLSA base in SNI, as a sender with DANE does (RFC 7672 §8.1). */
export interface BaseSniFact {
  base: string;
  /** Null when it could not be tried, or did not come to an end in time. */
  established: boolean | null;
  /** Empty when there was no handshake. */
  chain: TlsFact["chain"];
  detail: string | null;
}

/** Whether plaintext sent together with STARTTLS is acted upon after the handshake (RFC 3207 §6, S3). */
export type InjectionState = "discarded" | "processed" | "refused" | "unknown";

/** All that one address of one mail host was seen to do. */
export interface SmtpFact {
  host: string;
  address: string;
  /** Null when EHLO was answered. */
  failure: { code: SmtpFailure; detail: string } | null;
  greeting: SmtpReply | null;
  /** Keywords of the EHLO reply in the clear, in upper case, with their parameters; null when it did not come to that. */
  keywords: string[] | null;
  starttls: StarttlsFact | null;
  tls: MailTlsFact | null;
  /** Keywords of the EHLO reply inside TLS; null when there was none. */
  keywordsInside: string[] | null;
  /** Left out when EHLO was answered inside TLS, or not sent there, and by lookups that did not keep it. */
  failureInside?: InsideFailure;
  /** Null when it was not tried: STARTTLS did not lead to TLS, or a further connection was refused. */
  withoutSni: WithoutSniFact | null;
  /** Where the TLSA base is another name than the host's own, and STARTTLS was answered with 220; otherwise left out. */
  baseSni?: BaseSniFact;
  /** The oldest first. Empty when STARTTLS is not offered, or was not answered with 220. */
  versions: VersionFact[];
  /** Null when STARTTLS was not established. */
  injection: InjectionState | null;
  milliseconds: number;
}

/** Whether port 25 of the internet can be reached from this machine at all; asked only where no mail host answered. */
export interface OutwardFact {
  /** Null when the well-known hosts could not be found either. */
  port25: "open" | "closed" | null;
  tried: { host: string; address: string; failure: SmtpFailure | null }[];
}
