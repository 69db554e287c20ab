import "#lib/doors/reflect-metadata.ts";
import { randomBytes } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** How the certificate of a host is, "good" or wrong in one way. */
export type CertificateKind =
  | "good"
  | "expired"
  | "expires-soon"
  | "not-yet-valid"
  | "self-signed"
  | "other-name"
  | "common-name-only"
  | "wildcard"
  | "partial-wildcard"
  | "double-wildcard"
  | "wildcard-too-deep"
  | "no-intermediate"
  | "unknown-authority"
  | "no-subject"
  | "odd-names"
  | "many-names"
  | "root-sent-too"
  | "stranger-in-chain"
  | "rsa"
  | "weak-key"
  | "weak-signature";

/** PEM texts for a TLS server: the chain as it is to be sent, leaf first. */
export interface Identity {
  key: string;
  cert: string;
}

/** A throw-away certification authority: root, intermediate, leaves. */
export interface Authority {
  rootPem: string;
  /** A certificate for a host, made once for each host and kind. */
  issue(kind: CertificateKind, host: string): Promise<Identity>;
}

type Keys = CryptoKeyPair;
interface Issuer {
  certificate: X509Certificate;
  keys: Keys;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY = 24 * 60 * 60 * 1000;

/** Makes the root and the intermediate; a few milliseconds each. */
export async function createAuthority(): Promise<Authority> {
  const [rootKeys, middleKeys, leafKeys] = await Promise.all([makeKeys(), makeKeys(), makeKeys()]);
  const root = await issueAuthority("Sealpost lab root", rootKeys, null);
  const middle = await issueAuthority("Sealpost lab intermediate", middleKeys, root);
  const key = await exportKey(leafKeys);
  const issued = new Map<string, Promise<Identity>>();
  const rsa = { rsa: once(() => makeRsaKeys(2048)), "weak-key": once(() => makeRsaKeys(1024)) };
  const issue = (kind: CertificateKind, host: string) => {
    const name = `${kind} ${host}`;
    const known = issued.get(name) ?? issueWith(kind, host);
    issued.set(name, known);
    return known;
  };
  const issueWith = async (kind: CertificateKind, host: string) => {
    if (kind !== "rsa" && kind !== "weak-key") return await makeIdentity(kind, host, { root, middle, leafKeys, key });
    const keys = await rsa[kind]();
    return await makeIdentity(kind, host, { root, middle, leafKeys: keys, key: await exportKey(keys) });
  };
  return { rootPem: pem(root.certificate), issue };
}

interface Means {
  root: Issuer;
  middle: Issuer;
  leafKeys: Keys;
  key: string;
}

async function makeIdentity(
  kind: CertificateKind,
  host: string,
  { root, middle, leafKeys, key }: Means,
): Promise<Identity> {
  if (kind === "self-signed") return { key, cert: pem(await makeLeaf(kind, host, leafKeys, null)) };
  if (kind === "unknown-authority") {
    const stranger = await issueAuthority("Nobody's root", await makeKeys(), null);
    return { key, cert: pem(await makeLeaf(kind, host, leafKeys, stranger), stranger.certificate) };
  }
  const leaf = await makeLeaf(kind, host, leafKeys, middle);
  if (kind === "no-intermediate") return { key, cert: pem(leaf) };
  if (kind === "root-sent-too") return { key, cert: pem(leaf, middle.certificate, root.certificate) };
  if (kind === "stranger-in-chain") {
    const stranger = await issueAuthority("Unrelated", leafKeys, null);
    return { key, cert: pem(leaf, stranger.certificate, middle.certificate) };
  }
  return { key, cert: pem(leaf, middle.certificate) };
}

async function makeLeaf(
  kind: CertificateKind,
  host: string,
  keys: Keys,
  issuer: Issuer | null,
): Promise<X509Certificate> {
  const names = namesFor(kind, host);
  const extensions: Extension[] = [
    new BasicConstraintsExtension(false),
    new ExtendedKeyUsageExtension(["1.3.6.1.5.5.7.3.1"]),
  ];
  if (names.length > 0) {
    // RFC 5280 §4.2.1.6: critical when the subject is empty.
    const list = names.map((value) => ({ type: "dns" as const, value }));
    extensions.push(new SubjectAlternativeNameExtension(list, kind === "no-subject"));
  }
  const algorithm = kind === "weak-signature" ? { ...ALGORITHM, hash: "SHA-1" } : ALGORITHM;
  return await make(subjectFor(kind, host), periodFor(kind), keys, issuer, extensions, algorithm);
}

function subjectFor(kind: CertificateKind, host: string): string {
  if (kind === "no-subject") return "";
  if (kind === "odd-names") return 'CN=Prüf\\, Stelle, O=Ein \\"Amt\\", C=DE';
  return `CN=${kind === "other-name" ? "parked.provider.test" : host.slice(0, 64)}`; // RFC 5280 A.1: at most 64
}

function namesFor(kind: CertificateKind, host: string): string[] {
  const [first = "", ...rest] = host.split(".");
  const parent = rest.join(".");
  if (kind === "common-name-only") return [];
  if (kind === "other-name") return ["parked.provider.test", "www.provider.test"];
  if (kind === "wildcard") return [`*.${parent}`];
  if (kind === "partial-wildcard") return [`${first.slice(0, 4)}*.${parent}`];
  if (kind === "double-wildcard") return [`*.*.${rest.slice(1).join(".")}`];
  if (kind === "wildcard-too-deep") return [`*.${rest.slice(1).join(".")}`];
  if (kind === "odd-names") return ['quo"te.test', "comma, DNS:evil.test", "nul\0.test", host];
  if (kind === "many-names") return [...Array.from({ length: 1000 }, (_, i) => `host-${i}.${parent}`), host];
  return [host];
}

function periodFor(kind: CertificateKind): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  if (kind === "expired") return { notBefore: new Date(now - 90 * DAY), notAfter: new Date(now - DAY) };
  if (kind === "not-yet-valid") return { notBefore: new Date(now + DAY), notAfter: new Date(now + 90 * DAY) };
  if (kind === "expires-soon") return { notBefore: new Date(now - 87 * DAY), notAfter: new Date(now + 3 * DAY) };
  return { notBefore: new Date(now - DAY), notAfter: new Date(now + 60 * DAY) };
}

async function issueAuthority(name: string, keys: Keys, issuer: Issuer | null): Promise<Issuer> {
  const now = Date.now();
  const period = { notBefore: new Date(now - 365 * DAY), notAfter: new Date(now + 365 * DAY) };
  const certificate = await make(`CN=${name}`, period, keys, issuer, [
    new BasicConstraintsExtension(true, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
  ]);
  return { certificate, keys };
}

async function make(
  subject: string,
  period: { notBefore: Date; notAfter: Date },
  keys: Keys,
  issuer: Issuer | null,
  extensions: Extension[],
  signingAlgorithm = ALGORITHM,
): Promise<X509Certificate> {
  const signer = issuer?.keys ?? keys;
  return await X509CertificateGenerator.create({
    serialNumber: `01${randomBytes(8).toString("hex")}`,
    subject,
    issuer: issuer?.certificate.subject ?? subject,
    ...period,
    signingAlgorithm,
    publicKey: keys.publicKey,
    signingKey: signer.privateKey,
    extensions: [
      ...extensions,
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(signer.publicKey),
    ],
  });
}

async function makeKeys(): Promise<Keys> {
  return await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

/** Slow to make, and seldom wanted. */
async function makeRsaKeys(modulusLength: number): Promise<Keys> {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", publicExponent: new Uint8Array([1, 0, 1]) };
  return await crypto.subtle.generateKey({ ...algorithm, modulusLength }, true, ["sign", "verify"]);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

async function exportKey({ privateKey }: Keys): Promise<string> {
  const octets = Buffer.from(await crypto.subtle.exportKey("pkcs8", privateKey));
  return `-----BEGIN PRIVATE KEY-----\n${octets.toString("base64")}\n-----END PRIVATE KEY-----\n`;
}

function pem(...certificates: X509Certificate[]): string {
  return certificates.map((certificate) => `${certificate.toString("pem")}\n`).join("");
}
