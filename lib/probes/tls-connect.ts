import { isIP, type Socket } from "node:net";
import { connect, createSecureContext, type SecureContext, type SecureVersion, type TLSSocket } from "node:tls";
import { chainErrorOf, servedChain } from "./certificate.ts";
import type { FetchFailure, TlsFact } from "./policy-fact.ts";
import { settle } from "./settle.ts";
import { type Connecting, connectTcp } from "./tcp-connect.ts";

interface Handshaking {
  /** The name in SNI; null for none. An address is no such name (RFC 6066 §3), and is left out. */
  servername: string | null;
  context: SecureContext;
  protocols?: string[];
  /** Milliseconds. */
  timeout: number;
  signal?: AbortSignal | undefined;
}

export type Handshake = { ok: true; socket: TLSSocket } | { ok: false; failure: FetchFailure; detail: string };

/**
 * A TLS handshake over an open connection. It completes with any certificate: chain and names are facts to
 * be judged. Missing intermediates are not fetched. The caller destroys the socket.
 * @throws the signal's reason when it is aborted
 */
export async function handshake(raw: Socket, options: Handshaking): Promise<Handshake> {
  const { servername, context, protocols, timeout, signal } = options;
  const socket = connect({
    socket: raw,
    ...(servername === null || isIP(servername) ? {} : { servername }),
    secureContext: context,
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ...(protocols ? { ALPNProtocols: protocols } : {}),
  });
  let open = false;
  return await settle<Handshake>({
    timeout,
    signal,
    late: () => ({ ok: false, failure: "tls-timeout", detail: `no TLS handshake within ${timeout} ms` }),
    release: () => {
      if (!open) socket.destroy();
    },
    start: (done) => {
      socket.on("error", (error: NodeJS.ErrnoException) => {
        const failure = error.code === "ECONNRESET" || error.code === "EPIPE" ? "connection-reset" : "tls-handshake";
        done({ ok: false, failure, detail: reasonOf(error) });
      });
      socket.on("close", () => done({ ok: false, failure: "connection-reset", detail: "closed during the handshake" }));
      socket.on("secureConnect", () => {
        open = !socket.destroyed;
        done({ ok: true, socket });
      });
    },
  });
}

/** What a completed handshake shows. */
export function tlsFactOf(socket: TLSSocket): TlsFact {
  return {
    version: socket.getProtocol() ?? "unknown",
    cipher: socket.getCipher().standardName,
    chain: servedChain(socket),
    chainError: chainErrorOf(socket),
  };
}

const LEGACY_VERSIONS = ["TLSv1", "TLSv1.1"] as const satisfies SecureVersion[];
const contexts = new Map<SecureVersion, SecureContext>();

/**
 * The versions below TLS 1.2 with which a host completes a handshake (M34; RFC 8996), each tried on a connection of its own.
 * @throws the signal's reason when it is aborted
 */
export async function legacyVersions(to: Connecting, servername: string): Promise<string[]> {
  const accepted = await Promise.all(LEGACY_VERSIONS.map((version) => accepts(to, servername, version)));
  return LEGACY_VERSIONS.filter((_, i) => accepted[i]);
}

async function accepts(to: Connecting, servername: string, version: SecureVersion): Promise<boolean> {
  const connection = await connectTcp(to);
  if (!connection.ok) return false;
  const { timeout, signal } = to;
  try {
    const shaken = await handshake(connection.socket, {
      servername,
      context: contextForVersion(version),
      timeout,
      signal,
    });
    if (shaken.ok) shaken.socket.destroy();
    return shaken.ok;
  } finally {
    connection.socket.destroy();
  }
}

/** Offers one version alone, with every cipher that OpenSSL has; trusts nobody. */
export function contextForVersion(version: SecureVersion): SecureContext {
  let context = contexts.get(version);
  if (!context) {
    // OpenSSL 3 speaks versions below 1.2 at security level 0 only, since they sign with SHA-1.
    context = createSecureContext({ ca: [], minVersion: version, maxVersion: version, ciphers: "ALL:@SECLEVEL=0" });
    contexts.set(version, context);
  }
  return context;
}

/** OpenSSL's own words, without the code addresses that its messages begin with. */
export function reasonOf(error: Error & { reason?: string }): string {
  return error.reason ?? error.message;
}
