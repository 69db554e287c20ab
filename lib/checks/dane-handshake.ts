import type { ServedCertificate } from "#lib/probes/policy-fact.ts";
import type { SmtpFact } from "#lib/probes/smtp-fact.ts";

/** What comes of the handshake of a sender that honours DANE. */
export type DaneHandshake =
  | { state: "established"; chain: readonly ServedCertificate[] }
  /** With no name that is said. */
  | { state: "no-tls"; detail: string | null }
  /** With the host's name it succeeds, with the TLSA base it does not. */
  | { state: "base-refused"; detail: string | null }
  /** We could not look. */
  | { state: "unseen"; detail: string | null };

/**
 * What a sender meets at an address that says the TLSA base in SNI (RFC 7672 §8.1; D17). Facts that know nothing of that
 * name, since it is the host's own or since they are old, tell it by what came for the host's name.
 */
export function daneHandshakeOf({ starttls, tls, baseSni }: SmtpFact, base: string): DaneHandshake {
  const withoutTls = { state: "no-tls", detail: starttls?.detail ?? null } as const;
  const isEstablished = starttls?.state === "established";
  if (baseSni === undefined || baseSni.base !== base) {
    return isEstablished ? { state: "established", chain: tls?.chain ?? [] } : withoutTls;
  }
  const { established, chain, detail } = baseSni;
  if (established === null) return { state: "unseen", detail };
  if (established) return { state: "established", chain };
  return isEstablished ? { state: "base-refused", detail } : withoutTls;
}

/**
 * The names of which a certificate under DANE-TA(2) has to have one: the base, the host, and the domain of the mail addresses
 * with what that is an alias of (RFC 7672 §3.2.2; D12).
 */
export function daneNames(base: string, host: string, domain: string, aliases: readonly string[]): string[] {
  return [...new Set([base, host, domain, ...aliases])];
}
