import { once } from "node:events";
import type { Socket } from "node:net";
import { createSecureContext, type SecureContext, type SecureContextOptions, TLSSocket } from "node:tls";
import type { Authority, CertificateKind } from "./authority.ts";
import type { MailAddress, MailHost } from "./mail-host.ts";

const ALERT_HANDSHAKE_FAILURE = 40;

// 1024 bits, made for this lab.
const SHORT_DH = `-----BEGIN DH PARAMETERS-----
MIGHAoGBAOSFkoucyP7UyL/yfvZjtsIi2UvjYxbDAbXLKGb+T9JnLx7kDXDDRt8A
TzL5eArwxWj0nGsWVNQU4x3GuhEHedcxwNNs494m9SFq7R42VuTyjhuy86V3IX8m
E6yF/uk2sc7utXIanhrqLi9JFVrn8jITQ2B68iD57VNQATL6pWY3AgEC
-----END DH PARAMETERS-----
`;

// OpenSSL 3 has old versions, short keys and weak signatures at security level 0 only.
const WEAK = "ALL:@SECLEVEL=0";
const MEANS: Record<NonNullable<MailHost["tls"]> | "modern", SecureContextOptions> = {
  modern: { minVersion: "TLSv1.2" },
  "1.2-only": { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" },
  "1.3-only": { minVersion: "TLSv1.3" },
  "1.1-only": { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: WEAK },
  "1.0-only": { minVersion: "TLSv1", maxVersion: "TLSv1", ciphers: WEAK },
  "1.0-and-newer": { minVersion: "TLSv1", ciphers: WEAK },
  "no-forward-secrecy": { maxVersion: "TLSv1.2", ciphers: "AES256-GCM-SHA384" },
  "short-dh": { maxVersion: "TLSv1.2", ciphers: "DHE-RSA-AES256-GCM-SHA384:@SECLEVEL=0", dhparam: SHORT_DH },
  alert: {},
  hangs: {},
  closes: {},
  plaintext: {},
};
/** What a host does that does not come to TLS, each time that something comes. */
const INSTEAD: Partial<Record<keyof typeof MEANS, (socket: Socket) => void>> = {
  alert: (socket) => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, ALERT_HANDSHAKE_FAILURE])), // RFC 8446 §6
  hangs: () => {},
  closes: (socket) => socket.destroy(),
  plaintext: (socket) => socket.write("250-mail.test\r\n250 IN-THE-CLEAR\r\n"),
};
const WEAK_KINDS: CertificateKind[] = ["weak-key", "weak-signature"];

/** The server's side of TLS over a connection at which nothing was read beyond STARTTLS; null when it does not come to it. */
export async function secureAs(
  socket: Socket,
  { name, host }: MailAddress,
  authority: Authority,
): Promise<TLSSocket | null> {
  const instead = INSTEAD[host.tls ?? "modern"];
  if (instead !== undefined) {
    socket.on("data", () => instead(socket));
    socket.resume();
    return null;
  }
  const kind = host.certificate ?? "good";
  const tls = new TLSSocket(socket, {
    isServer: true,
    ...(host.demandsCertificate ? { requestCert: true, rejectUnauthorized: true } : {}),
    secureContext: await contextOf(host, host.withoutSni ?? kind, name || "mx.lab.test", authority),
    SNICallback: (serverName, done) => {
      const named = host.nameFor === undefined ? name || serverName : host.nameFor(serverName);
      if (named === null) return done(new Error(`no certificate for ${serverName}`));
      contextOf(host, kind, named, authority).then(
        (context) => done(null, context),
        (error: Error) => done(error),
      );
    },
  });
  tls.on("error", () => socket.destroy());
  await Promise.race([once(tls, "secure"), once(tls, "close")]);
  return tls.destroyed ? null : tls;
}

/** A host that has a certificate for every name. */
export const ANY_NAME = "";

const contexts = new WeakMap<Authority, Map<string, Promise<SecureContext>>>();

/** Made once: it takes longer than a handshake. */
function contextOf(
  host: MailHost,
  kind: CertificateKind | "demanded",
  name: string,
  authority: Authority,
): Promise<SecureContext> {
  const known = contexts.get(authority) ?? new Map<string, Promise<SecureContext>>();
  contexts.set(authority, known);
  const tls = host.tls ?? "modern";
  const key = `${tls} ${kind} ${name}`;
  const context = known.get(key) ?? makeContext(tls, kind, name, authority);
  known.set(key, context);
  return context;
}

async function makeContext(
  tls: NonNullable<MailHost["tls"]> | "modern",
  kind: CertificateKind | "demanded",
  name: string,
  authority: Authority,
): Promise<SecureContext> {
  const means = MEANS[tls];
  // Without a certificate every handshake ends in an alert.
  if (kind === "demanded") return createSecureContext(means);
  const needsRsa = kind === "good" && (tls === "no-forward-secrecy" || tls === "short-dh");
  const identity = await authority.issue(needsRsa ? "rsa" : kind, name);
  return createSecureContext({ ...(WEAK_KINDS.includes(kind) ? { ciphers: WEAK } : {}), ...means, ...identity });
}
