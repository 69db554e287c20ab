import { createHash } from "node:crypto";
import type { CertificateKind } from "./authority.ts";

/** Octets that a mail host sends, as latin1 chars. */
export type Script =
  | string
  | {
      say: string;
      /** Milliseconds between its octets. */
      pace?: number;
      /** Over and over, until the client goes. */
      forever?: boolean;
      /** And then it closes the connection. */
      close?: boolean;
    };

/** How one address of a mail host behaves: all is well but for what is said here. */
export interface MailHost {
  /** It is reached by IPv6, at the mapped form of its loopback address (RFC 4291 §2.5.5.2). */
  ipv6?: boolean;
  /** The TCP connection: nobody listens, nobody answers, or it ends at once by a reset or by a close. */
  connection?: "refused" | "unanswered" | "reset" | "closed";
  /** Instead of "220 …". An empty one is silence. */
  greeting?: Script;
  /** Instead of the whole reply to EHLO in the clear. */
  ehlo?: Script;
  /** Keywords of EHLO in the clear, and inside TLS. */
  keywords?: string[];
  keywordsInside?: string[];
  /** Instead of the reply to EHLO inside TLS. */
  ehloInside?: Script;
  /** Instead of "220 …"; TLS begins only when it is a 220. */
  starttls?: Script;
  /** What becomes of plaintext that came together with STARTTLS, where it is not thrown away. */
  injection?: "processed" | "refused";
  tls?:
    | "1.2-only"
    | "1.3-only"
    | "1.1-only"
    | "1.0-only"
    | "1.0-and-newer"
    | "no-forward-secrecy"
    | "short-dh"
    | "alert"
    | "hangs"
    | "closes"
    /** It goes on in the clear when the client has begun the handshake. */
    | "plaintext";
  certificate?: CertificateKind;
  /** It ends the session of a client that shows no certificate. */
  demandsCertificate?: boolean;
  /** The certificate for those that come without SNI; none for "demanded". */
  withoutSni?: CertificateKind | "demanded";
  /** The name on the certificate by the name in SNI, null where it ends the handshake; otherwise always its own. */
  nameFor?: (said: string) => string | null;
  /** 421 for all connections but the first. */
  once?: boolean;
}

/** One address of a mail host of the lab. */
export interface MailAddress {
  address: string;
  /** Its name, for which the certificates are made. */
  name: string;
  host: MailHost;
}

/**
 * A loopback address of its own for each mail host, always the same: SMTP has one port and, before STARTTLS, no way to
 * say which host is meant.
 * @param number tells the addresses of one host apart
 */
export function mailAddress(name: string, number = 0): string {
  const [a = 0, b = 0, c = 0] = createHash("sha256").update(`${name} ${number}`).digest();
  return `127.${1 + (a % 254)}.${b}.${1 + (c % 254)}`;
}
