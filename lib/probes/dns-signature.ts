import type { DnsSignature, DnsType } from "./dns-fact.ts";
import type { DnsAnswer } from "./dns-message.ts";
import { type Rdata, TYPE_CODES } from "./dns-rdata.ts";

const TYPE_RRSIG = 46;
/** What stands before the signer's name, which has one octet at least, as the signature has (RFC 4034 §3.1). */
const FIXED_BYTES = 18;

/** From when until when a signature holds, in seconds since 1970. */
export interface Validity {
  inception: number;
  expiration: number;
}

/**
 * The signature over the records of one name and type that runs out last, since one that is valid is enough (RFC 4035
 * §5.3.3). Whether it is right is for the resolver to say; one that cannot be read is passed over.
 * @param now seconds since 1970
 */
export function signatureOver(answer: DnsAnswer, owner: string, type: DnsType, now: number): Validity | null {
  return answer.records
    .filter((record) => record.code === TYPE_RRSIG && record.owner === owner)
    .map(({ data }) => readValidity(data, type, now))
    .reduce((last, one) => (last === null || (one !== null && one.expiration > last.expiration) ? one : last), null);
}

/** The one that runs out first; one that was not seen says nothing. */
export function firstToEnd(one: Validity | null, other: Validity | null): Validity | null {
  if (one === null || other === null) return one ?? other;
  return other.expiration < one.expiration ? other : one;
}

/** As it is kept in facts. */
export function asSignature({ inception, expiration }: Validity): DnsSignature {
  return { inception: timeOf(inception), expiration: timeOf(expiration) };
}

function readValidity({ message, start, end }: Rdata, type: DnsType, now: number): Validity | null {
  if (end - start < FIXED_BYTES + 2 || message.readUInt16BE(start) !== TYPE_CODES[type]) return null;
  const expiration = nearest(message.readUInt32BE(start + 8), now);
  const inception = nearest(message.readUInt32BE(start + 12), now);
  return inception < expiration ? { inception, expiration } : null;
}

/** RFC 4034 §3.1.5: the times have 32 bits and wrap round (RFC 1982), so that the nearest moment is the one that is meant. */
function nearest(time: number, now: number): number {
  return now + ((time - now) | 0);
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
