import { type CertificateNames, matchCertificate } from "./certificate-names.ts";
import type { TlsaParameters, TlsaReading } from "./tlsa.ts";
import { associationData, MATCHING, readCertificate, readPublicKey, readTlsa, SELECTOR, USAGE } from "./tlsa.ts";
import {
  createSignatures,
  isSelfIssued,
  type Link,
  type LinkFault,
  linkFault,
  pathsFrom,
  type Signatures,
} from "./tlsa-chain.ts";

/** One certificate as it was served, with its names. */
export interface ChainCertificate extends CertificateNames {
  readonly pem: string;
}

/** Why a usable record is not met. */
export type TlsaMismatch =
  /** It holds another certificate or key than those that were served. */
  | "no-match"
  /** As `no-match`, and the chain ends before a root: the trust anchor may be one that was not sent (D13). */
  | "anchor-not-sent"
  /** The key of a `2 1 0` record signed the chain, but its certificate was not sent (D13). */
  | "bare-key"
  /** DANE-TA(2) for the server's own certificate, which is DANE-EE(3)'s part. */
  | "leaf-as-anchor"
  /** The trust anchor was served, but did not issue the certificate, directly or through others. */
  | "not-issued-by-it"
  /** The chain to the trust anchor is there, but a certificate of it cannot be used. */
  | LinkFault
  /** The chain is good, but the certificate has none of the names (D12). */
  | "name-mismatch"
  /** The server's certificate could not be read. */
  | "unreadable";

/** How one usable record stands to a served chain. */
export interface TlsaMatch {
  reading: TlsaReading;
  /** False for a weaker digest beside a stronger one of the same usage and selector: senders do not look (D20). */
  counts: boolean;
  /** Null when it is met. */
  why: TlsaMismatch | null;
  /** Place of the certificate that it is about, from 0 for the server's own; null when that was not served. */
  index: number | null;
}

/** How the usable records of a host stand to a served chain. */
export interface TlsaMatches {
  /** True when a sender with DANE delivers: a record that counts is met. */
  authenticated: boolean;
  records: TlsaMatch[];
  /** Combinations of usage, selector and matching type without a record that is met (RFC 7671 §8; D19). */
  unmetCombinations: string[];
}

/**
 * Compares TLSA records with the chain of a mail host (RFC 6698 §2.1, RFC 7671 §5 and §9, RFC 7672 §3). Never throws.
 * @param chain as served, the server's own certificate first
 * @param names reference identifiers: the TLSA base domain, the next-hop domain, and what both are aliases of (D12)
 */
export function matchTlsa(
  records: readonly TlsaParameters[],
  chain: readonly ChainCertificate[],
  names: readonly string[],
  at: Date,
): TlsaMatches {
  const usable = readTlsa(records).filter(({ fault }) => fault === null);
  const served = readServed(chain, usable, names, at);
  const matches = usable.map((reading): TlsaMatch => {
    const { why, index } = served === null ? UNREADABLE : matchOne(reading, served);
    return { reading, counts: counts(reading, usable), why, index };
  });
  const combinations = Map.groupBy(matches, ({ reading }) => reading.combination);
  const unmet = [...combinations].filter(([, all]) => all.every(({ why }) => why !== null));
  return {
    authenticated: matches.some((match) => match.counts && match.why === null),
    records: matches,
    unmetCombinations: unmet.map(([combination]) => combination),
  };
}

type Met = Pick<TlsaMatch, "why" | "index">;
const UNREADABLE: Met = { why: "unreadable", index: null };

/** RFC 7671 §9: of the digests of one usage and selector only the strongest counts; Full(0) is no digest. */
function counts({ record }: TlsaReading, all: readonly TlsaReading[]): boolean {
  if (record.matchingType === MATCHING.full) return true;
  return !all.some(
    ({ record: other }) =>
      other.usage === record.usage && other.selector === record.selector && other.matchingType > record.matchingType,
  );
}

/** What the records are compared with. */
interface Served {
  leaf: Link;
  /** The others that were served, and those of `2 0 0` records, which do not have to be (RFC 7671 §5.2.2). */
  others: Link[];
  /** Where signatures lead, by certificates that may be used now. */
  good: Map<Link, Link[]>;
  /** Where signatures lead at all. */
  any: Map<Link, Link[]>;
  signatures: Signatures;
  hasName: boolean;
  at: Date;
}

function readServed(
  chain: readonly ChainCertificate[],
  usable: readonly TlsaReading[],
  names: readonly string[],
  at: Date,
): Served | null {
  const links = chain.flatMap(({ pem }, index): Link[] => {
    const certificate = readCertificate(pem);
    return certificate === null ? [] : [{ certificate, index }];
  });
  const [first] = chain;
  const [leaf, ...sent] = links;
  if (first === undefined || leaf?.index !== 0) return null;
  const others = withoutRepeats([...sent, ...usable.flatMap(certificateIn)]);
  const isUsable = (link: Link) => linkFault(link, link === leaf, at) === null;
  const signatures = createSignatures();
  return {
    ...{ leaf, others, at, signatures, hasName: names.some((name) => isFor(name, first)) },
    good: pathsFrom(leaf, others, signatures, isUsable),
    any: pathsFrom(leaf, others, signatures),
  };
}

/** The trust anchor that a `2 0 0` record holds. */
function certificateIn({ record }: TlsaReading): Link[] {
  if (record.usage !== USAGE.daneTa || record.selector !== SELECTOR.certificate) return [];
  if (record.matchingType !== MATCHING.full) return [];
  const certificate = readCertificate(Buffer.from(record.data, "hex"));
  return certificate === null ? [] : [{ certificate, index: null }];
}

function withoutRepeats(links: readonly Link[]): Link[] {
  const isFirst = ({ certificate }: Link, place: number) =>
    links.findIndex((other) => other.certificate.raw.equals(certificate.raw)) === place;
  return links.filter(isFirst);
}

/** RFC 7672 §3.2.2, §3.2.3: the DNS-IDs; the common name only where there is none. */
function isFor(host: string, { dnsNames, commonName }: CertificateNames): boolean {
  const given = dnsNames.length > 0 || commonName === null ? dnsNames : [commonName];
  return matchCertificate(host, { dnsNames: given, commonName: null }).matched;
}

function matchOne(reading: TlsaReading, served: Served): Met {
  const { usage } = reading.record;
  if (usage === USAGE.daneTa) return matchAnchor(reading, served);
  // RFC 7671 §5.1 (D11): neither names nor dates count with DANE-EE(3).
  return holds(reading, served.leaf) ? { why: null, index: 0 } : { why: "no-match", index: null };
}

function holds({ record }: TlsaReading, { certificate }: Link): boolean {
  return associationData(certificate, record.selector, record.matchingType) === record.data;
}

/** DANE-TA(2): the chain leads to what the record holds, and is for the name (RFC 7671 §5.2, RFC 7672 §3.1.2). */
function matchAnchor(reading: TlsaReading, served: Served): Met {
  const { leaf, others, any, signatures, hasName, at } = served;
  // Only a whole certificate may stand in the record alone; a digest or a key needs it on the wire (D13).
  const anchors = others.filter((link) => (link.index !== null || isWhole(reading)) && holds(reading, link));
  const anchor = anchors.find((link) => isReached(link, served));
  if (anchor !== undefined) return { why: hasName ? null : "name-mismatch", index: anchor.index };

  const ways = anchors.map((link) => any.get(link)).filter((path) => path !== undefined);
  for (const link of ways[0] ?? []) {
    const fault = linkFault(link, link === leaf, at);
    if (fault !== null) return { why: fault, index: link.index };
  }
  const sent = anchors.find((link) => link.index !== null);
  if (sent !== undefined) return { why: "not-issued-by-it", index: sent.index };
  if (holds(reading, leaf)) return { why: "leaf-as-anchor", index: 0 };
  // RFC 7671 §5.2.3: a sender should try the key, but "servers cannot rely" on that.
  const key = bareKeyOf(reading);
  if (key !== null && [...any.keys()].some((link) => signatures.isSignedBy(link, key))) {
    return { why: "bare-key", index: null };
  }
  const isDigest = reading.record.matchingType !== MATCHING.full;
  const isRootSent = [...any.keys()].some((link) => link.index !== null && isSelfIssued(link));
  return { why: isDigest && !isRootSent ? "anchor-not-sent" : "no-match", index: null };
}

/** Whether good certificates lead to a trust anchor. */
function isReached(anchor: Link, { good, others, signatures: { isIssuedBy }, at }: Served): boolean {
  if (good.has(anchor)) return true;
  // RFC 5280 §6.1: the dates of the trust anchor are no part of the validation. OpenSSL looks at those of a root all
  // the same, and takes another issuer of the same key before one that has expired; and so do we.
  const fault = linkFault(anchor, false, at);
  if (isSelfIssued(anchor) || (fault !== "expired" && fault !== "not-yet-valid")) return false;
  const isTaken = (link: Link) => others.some((other) => good.has(other) && isIssuedBy(link, other));
  return [...good.keys()].some((link) => isIssuedBy(link, anchor) && !isTaken(link));
}

/** `2 0 0`, which may stand in for the certificate itself. */
function isWhole({ record }: TlsaReading): boolean {
  return record.selector === SELECTOR.certificate && record.matchingType === MATCHING.full;
}

/** The key of a `2 1 0` record. */
function bareKeyOf({ record }: TlsaReading) {
  if (record.selector !== SELECTOR.publicKey || record.matchingType !== MATCHING.full) return null;
  return readPublicKey(Buffer.from(record.data, "hex"));
}
