import "./reflect-metadata.ts";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from "@peculiar/x509";
import { SettingError } from "#lib/settings.ts";

/** PEM texts for STARTTLS. */
export interface Identity {
  cert: string;
  key: string;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY_MS = 86_400_000;
/** No worker runs longer without a start. */
const VALID_DAYS = 3_650;

/** Reads the certificate and the key of the SMTP door. @throws SettingError that names the file that cannot be used */
export function readIdentity(files: { cert: string; key: string }): Identity {
  const cert = read("SEALPOST_SMTP_CERT", files.cert);
  const key = read("SEALPOST_SMTP_KEY", files.key);
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new SettingError(`SEALPOST_SMTP_CERT and SEALPOST_SMTP_KEY cannot be used together: ${wordsOf(error)}`);
  }
  return { cert, key };
}

/**
 * Makes a certificate that nobody has signed: senders encrypt with any (RFC 7435), and deliver reports whatever they find
 * (RFC 8460 §5.3).
 */
export async function makeIdentity(domain: string): Promise<Identity> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const now = Date.now();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: `01${randomBytes(8).toString("hex")}`,
    name: `CN=${domain.slice(0, 64)}`, // RFC 5280 A.1: at most 64
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + VALID_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [new SubjectAlternativeNameExtension([{ type: "dns", value: domain }])],
  });
  const octets = Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey));
  const key = `-----BEGIN PRIVATE KEY-----\n${octets.toString("base64")}\n-----END PRIVATE KEY-----\n`;
  return { cert: certificate.toString("pem"), key };
}

function read(name: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new SettingError(`${name}: ${wordsOf(error)}`);
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
