import { createHash, X509Certificate } from "node:crypto";
import type { Authority, CertificateKind } from "./authority.ts";
import type { ZoneRecords } from "./zone.ts";

/** A TLSA record of a mail host; its data is made from what the host sends, once the lab has its certificates. */
export interface TlsaSpec {
  usage: number;
  selector: number;
  matchingType: number;
  /** Which certificate it holds; "other" is one that nobody sends. */
  of: "leaf" | "intermediate" | "root" | "other";
}

/** The records at one TLSA name. */
export interface TlsaSet {
  /** Full name, "_25._tcp.mx1.example.test". */
  at: string;
  host: string;
  certificate: CertificateKind;
  specs: TlsaSpec[];
  ttl?: number;
}

/** The records as a zone holds them. */
export async function tlsaRecords(set: TlsaSet, authority: Authority): Promise<ZoneRecords> {
  const { cert } = await authority.issue(set.certificate, set.host);
  const [leaf = "", intermediate = ""] = cert.match(/-----BEGIN[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  const TLSA = set.specs.map(({ usage, selector, matchingType, of }) => {
    const pem = { leaf, intermediate, root: authority.rootPem, other: authority.rootPem }[of];
    const octets = selectedOctets(new X509Certificate(pem), selector, of === "other");
    return { usage, selector, matchingType, certificate: digested(octets, matchingType) };
  });
  return { TLSA, ...(set.ttl === undefined ? {} : { ttl: set.ttl }) };
}

function selectedOctets(certificate: X509Certificate, selector: number, isOther: boolean): Buffer {
  const octets = selector === 1 ? certificate.publicKey.export({ type: "spki", format: "der" }) : certificate.raw;
  return isOther ? Buffer.concat([octets, Buffer.from("another one")]) : octets;
}

function digested(octets: Buffer, matchingType: number): Buffer {
  if (matchingType === 0) return octets;
  return createHash(matchingType === 2 ? "sha512" : "sha256")
    .update(octets)
    .digest();
}
