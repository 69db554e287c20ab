import { DEFAULT_CIPHERS, type EphemeralKeyInfo, type SecureContext, type TLSSocket } from "node:tls";
import type { Dialogue } from "./smtp-dialogue.ts";
import type { MailTlsFact, StarttlsFact } from "./smtp-fact.ts";
import { type Handshake, tlsFactOf } from "./tls-connect.ts";
import { trustedContext } from "./trust.ts";

/** What STARTTLS came to, with the connection inside TLS where it did, and whether we have waited in vain. */
export type Starting = { fact: StarttlsFact } & ({ socket: TLSSocket } | { socket: null; late: boolean });

interface Securing {
  servername: string | null;
  context: SecureContext;
  /** Milliseconds for the handshake. */
  patience: number;
}

/** STARTTLS (RFC 3207 §4) and the handshake. */
export async function startTls(dialogue: Dialogue, securing: Securing): Promise<Starting> {
  const answered = await dialogue.ask("STARTTLS");
  if (!answered.ok) {
    const fact: StarttlsFact = { state: "refused", reply: null, detail: answered.detail };
    return { fact, socket: null, late: answered.failure === "reply-timeout" };
  }
  const { reply } = answered;
  if (reply.code === 220) return shaken(await dialogue.secure(securing), reply);
  const state = reply.code >= 400 && reply.code < 500 ? "temporary" : "refused";
  return { fact: { state, reply, detail: null }, socket: null, late: false };
}

function shaken(shook: Handshake, reply: StarttlsFact["reply"]): Starting {
  if (shook.ok) return { fact: { state: "established", reply, detail: null }, socket: shook.socket };
  const fact: StarttlsFact = { state: "handshake-failed", reply, detail: shook.detail };
  return { fact, socket: null, late: shook.failure === "tls-timeout" };
}

/**
 * TLS 1.2 or newer with Node's ciphers. OpenSSL's security level 0 lets weak keys and groups complete the handshake, so
 * that they are seen and can be judged, and do not hide behind an error of their own what else is wrong with a chain.
 */
export function mailContext(extraRoots: string | null): SecureContext {
  return trustedContext(extraRoots, `${DEFAULT_CIPHERS}:@SECLEVEL=0`);
}

/** What a completed handshake with a mail host shows. */
export function mailTlsFactOf(socket: TLSSocket): MailTlsFact {
  const fact = tlsFactOf(socket);
  return { ...fact, keyExchange: keyExchangeOf(socket.getEphemeralKeyInfo(), fact.cipher) };
}

const CURVES: Record<string, string> = { prime256v1: "P-256", secp384r1: "P-384", secp521r1: "P-521" };

/** @param key null or empty where the key exchange was not ephemeral, or is not known to the library */
function keyExchangeOf(key: EphemeralKeyInfo | object | null, cipher: string): string | null {
  if (key !== null && "type" in key) {
    if (key.type === "DH") return `DH ${key.size}`;
    if (key.name) return CURVES[key.name] ?? key.name;
  }
  return cipher.startsWith("TLS_RSA_WITH_") ? "RSA" : null;
}
