import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";

const contexts = new Map<string, SecureContext>();

/**
 * TLS 1.2 or newer (RFC 9325 §3.1.1), trusting the roots that come with Node, which are Mozilla's, and `extraRoots`
 * (PEM text). What the machine trusts besides does not count: the verdict is about the public's view. Made once for
 * the same roots, since reading them takes as long as a handshake.
 * @param ciphers in OpenSSL's notation; Node's own unless given
 */
export function trustedContext(extraRoots: string | null, ciphers?: string): SecureContext {
  const key = JSON.stringify([extraRoots, ciphers]);
  let context = contexts.get(key);
  if (!context) {
    const ca = [...getCACertificates("bundled"), ...(extraRoots === null ? [] : [extraRoots])];
    context = createSecureContext({ ca, minVersion: "TLSv1.2", ciphers });
    contexts.set(key, context);
  }
  return context;
}
