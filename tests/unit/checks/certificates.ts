import "#lib/doors/reflect-metadata.ts";
import { X509Certificate as ReadCertificate, randomBytes } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  type Extension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { ServedCertificate } from "#lib/probes/policy-fact.ts";
import { NOW } from "./facts.ts";

/** A certificate made for a test, with what it takes to serve it and to issue others. */
export interface Made {
  certificate: X509Certificate;
  keys: CryptoKeyPair;
  pem: string;
  /** As a probe tells of it. */
  served: ServedCertificate;
}

/** What differs from a certificate in which all is well. */
export interface Wishes {
  /** DNS-IDs; the name alone unless given. */
  names?: string[];
  period?: "valid" | "expired" | "early";
  /** For another certificate with the same key. */
  keys?: CryptoKeyPair;
  /** Extended key usages; for TLS servers unless given, null for none at all. */
  purposes?: string[] | null;
  /** An authority that is not marked as one. */
  unmarked?: boolean;
  /** Without the identifiers by which an issuer is told from others of its name (RFC 5280 §4.2.1.1, §4.2.1.2). */
  withoutKeyIds?: boolean;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
const DAY = 24 * 60 * 60 * 1000;

/** Makes certificates that are valid around a moment. */
export function maker(at = new Date(NOW)) {
  const periods = { valid: [-30, 60], expired: [-90, -1], early: [1, 90] } as const;
  const inDays = (days: number) => new Date(Math.floor(at.getTime() / 1000) * 1000 + days * DAY);

  async function make(name: string, issuer: Made | null, wishes: Wishes, extensions: Extension[]): Promise<Made> {
    const keys = wishes.keys ?? (await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]));
    const ids = [
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create((issuer?.keys ?? keys).publicKey),
    ];
    const [from, to] = periods[wishes.period ?? "valid"];
    const certificate = await X509CertificateGenerator.create({
      serialNumber: `01${randomBytes(8).toString("hex")}`,
      subject: `CN=${name}`,
      issuer: issuer?.certificate.subject ?? `CN=${name}`,
      notBefore: inDays(from),
      notAfter: inDays(to),
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey,
      signingKey: (issuer?.keys ?? keys).privateKey,
      extensions: wishes.withoutKeyIds ? extensions : [...extensions, ...ids],
    });
    const pem = `${certificate.toString("pem")}\n`;
    return { certificate, keys, pem, served: describe(pem, name, wishes.names ?? []) };
  }

  return {
    /** A root, or an authority below another one. */
    authority(name: string, issuer: Made | null = null, wishes: Wishes = {}): Promise<Made> {
      return make(name, issuer, wishes, [new BasicConstraintsExtension(!wishes.unmarked, undefined, true)]);
    },
    /** The certificate of a server; self-signed where there is no issuer. */
    server(name: string, issuer: Made | null = null, wishes: Wishes = {}): Promise<Made> {
      const names = wishes.names ?? [name];
      const purposes = wishes.purposes === undefined ? [SERVER_AUTH] : wishes.purposes;
      const extensions: Extension[] = purposes === null ? [] : [new ExtendedKeyUsageExtension(purposes)];
      const list = names.map((value) => ({ type: "dns" as const, value }));
      if (names.length > 0) extensions.push(new SubjectAlternativeNameExtension(list));
      return make(name, issuer, { ...wishes, names }, extensions);
    },
  };
}

/** PEM of a private key. */
export async function privateKeyPem({ privateKey }: CryptoKeyPair): Promise<string> {
  const octets = Buffer.from(await crypto.subtle.exportKey("pkcs8", privateKey));
  return `-----BEGIN PRIVATE KEY-----\n${octets.toString("base64")}\n-----END PRIVATE KEY-----\n`;
}

function describe(pem: string, name: string, dnsNames: string[]): ServedCertificate {
  const read = new ReadCertificate(pem);
  return {
    ...{ subject: `CN=${name}`, issuer: read.issuer, dnsNames, commonName: name, pem },
    notBefore: read.validFromDate.toISOString(),
    notAfter: read.validToDate.toISOString(),
    serialNumber: read.serialNumber,
    fingerprint256: read.fingerprint256,
  };
}
