/** Why a mailbox cannot be read. */
export type FaultCode =
  | "host-not-found"
  | "host-not-looked-up"
  | "address-refused"
  | "connection-refused"
  | "unreachable"
  | "timeout"
  | "certificate"
  | "tls"
  | "no-starttls"
  | "no-method"
  | "login-refused"
  | "token-refused"
  | "secret-unreadable"
  | "folder-missing"
  | "folder-unusable"
  | "not-moved"
  | "server-closed"
  | "server-answer";

/** A fault of a mailbox, its server or what was entered; the message is one sentence for the people of the team. */
export class MailboxFault extends Error {
  override name = "MailboxFault";
  readonly code: FaultCode;
  constructor(code: FaultCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** Where a mailbox is. */
export interface MailHost {
  host: string;
  port: number;
}

/** What OpenSSL and Node call a certificate that is not believed, in words. */
const CERTIFICATES: Record<string, string> = {
  CERT_HAS_EXPIRED: "its time is over",
  CERT_NOT_YET_VALID: "its time has not come yet",
  DEPTH_ZERO_SELF_SIGNED_CERT: "it is signed by itself",
  SELF_SIGNED_CERT_IN_CHAIN: "its authority is not a trusted one",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its authority is not a trusted one, or an intermediate certificate is missing",
  UNABLE_TO_GET_ISSUER_CERT: "its authority is not a trusted one, or an intermediate certificate is missing",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its authority is not a trusted one, or an intermediate certificate is missing",
  CERT_REVOKED: "it was revoked",
  ERR_TLS_CERT_ALTNAME_INVALID: "it is for another name",
};

/** The name of a certificate's fault that an error carries, in words; null when it is about something else. */
export function certificateFault(code: string): string | null {
  if (Object.hasOwn(CERTIFICATES, code)) return CERTIFICATES[code] ?? null;
  return /^(CERT_|UNABLE_TO_|INVALID_CA|PATH_LENGTH|INVALID_PURPOSE|HOSTNAME_MISMATCH)/.test(code)
    ? `it cannot be verified (${code})`
    : null;
}

/** What an error of the IMAP library or of its socket means. */
export function faultOf(error: unknown, { host, port }: MailHost): MailboxFault {
  if (error instanceof MailboxFault) return error;
  const { code, message, said, isLogin } = readError(error);
  const fault = (kind: FaultCode, sentence: string) => new MailboxFault(kind, sentence, error);
  const certificate = certificateFault(code);
  if (certificate !== null) return fault("certificate", `The certificate of ${host} is not believed: ${certificate}.`);
  if (isLogin) return fault("login-refused", `${host} refuses the user name or what signs in${said}.`);
  if (/^(STARTTLS_INJECTION|ClosedAfterConnectTLS|UPGRADE_TIMEOUT|EPROTO|ERR_SSL_.*|ERR_TLS_.*)$/.test(code)) {
    return fault(
      "tls",
      `There is no TLS connection with ${host} on port ${port}; perhaps the port is that of the other security.`,
    );
  }
  if (/STARTTLS/i.test(message)) {
    return fault("no-starttls", `${host} does not offer STARTTLS on port ${port}, and nobody signs in without TLS.`);
  }
  if (/Unsupported authentication mechanism|Login is disabled|No matching authentication method/.test(message)) {
    return fault("no-method", `${host} does not offer this way to sign in.`);
  }
  if (/^(CONNECT_TIMEOUT|GREETING_TIMEOUT|ETIMEOUT|ETIMEDOUT)$/.test(code)) {
    return fault("timeout", `${host} does not answer on port ${port} in time.`);
  }
  if (/^(NoConnection|EConnectionClosed|ClosedAfterConnectText|StateLogout|ECONNRESET|EPIPE)$/.test(code)) {
    return fault("server-closed", `${host} closed the connection${said}.`);
  }
  return fault("server-answer", `${host} answers in a way that cannot be used${said || `: ${printable(message)}`}.`);
}

/** What a server said, as part of a sentence of ours; it may be anything. */
export function serverSaid(text: unknown): string {
  return typeof text === "string" && text.trim() !== "" ? ` (it says "${printable(text.trim())}")` : "";
}

function readError(error: unknown) {
  const fields: Record<string, unknown> = typeof error === "object" && error !== null ? { ...error } : {};
  return {
    code: typeof fields.code === "string" ? fields.code : "",
    message: error instanceof Error ? error.message : String(error),
    said: serverSaid(fields.responseText ?? fields.response ?? fields.reason),
    isLogin: fields.authenticationFailed === true && fields.response !== undefined,
  };
}

const MOST_SAID = 200;

function printable(text: string): string {
  const short = text.length > MOST_SAID ? `${text.slice(0, MOST_SAID)}…` : text;
  return short.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
}
