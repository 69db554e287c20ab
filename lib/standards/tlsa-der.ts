/** One element of DER: its tag and where its content begins and ends. */
interface Element {
  tag: number;
  content: number;
  end: number;
}

const SEQUENCE = 0x30;
/** The context tag of the version, which a certificate of version 1 leaves out (RFC 5280 §4.1). */
const VERSION = 0xa0;

/** True when the octets are exactly one DER SEQUENCE, with nothing behind it. */
export function isWholeSequence(der: Uint8Array): boolean {
  const element = readElement(der, 0, der.length);
  return element?.tag === SEQUENCE && element.end === der.length;
}

/** True for a certificate of version 1, which knows no extensions (RFC 5280 §4.1.2.1). */
export function isVersion1(certificate: Uint8Array): boolean {
  const signed = signedPart(certificate);
  return signed !== null && certificate[signed.content] !== VERSION;
}

/**
 * The SubjectPublicKeyInfo of a certificate, octet by octet as it stands there (RFC 6698 §2.1.2; RFC 5280 §4.1).
 * @returns null when the octets do not have the form of a certificate
 */
export function publicKeyInfo(certificate: Uint8Array): Uint8Array | null {
  const signed = signedPart(certificate);
  if (signed === null) return null;
  // Serial number, signature algorithm, issuer, validity, subject; before them the version, where there is one.
  const before = certificate[signed.content] === VERSION ? 6 : 5;
  let at = signed.content;
  for (let skipped = 0; skipped < before; skipped++) {
    const element = readElement(certificate, at, signed.end);
    if (element === null) return null;
    at = element.end;
  }
  const key = readElement(certificate, at, signed.end);
  return key?.tag === SEQUENCE ? certificate.subarray(at, key.end) : null;
}

/** The TBSCertificate. */
function signedPart(certificate: Uint8Array): Element | null {
  const outer = readElement(certificate, 0, certificate.length);
  const signed = outer && readElement(certificate, outer.content, outer.end);
  return outer?.tag === SEQUENCE && signed?.tag === SEQUENCE ? signed : null;
}

/** X.690 §8.1, §10.1: one octet of tag, a definite length, the content. */
function readElement(der: Uint8Array, at: number, limit: number): Element | null {
  const tag = der[at];
  const first = der[at + 1];
  if (tag === undefined || first === undefined) return null;
  let content = at + 2;
  let length = first;
  if (first >= 0x80) {
    const octets = first & 0x7f;
    if (octets === 0 || octets > 3) return null;
    length = 0;
    for (const octet of der.subarray(content, content + octets)) length = length * 256 + octet;
    content += octets;
  }
  const end = content + length;
  return end <= limit ? { tag, content, end } : null;
}
