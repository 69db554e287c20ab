import type { ServedCertificate } from "#lib/probes/policy-fact.ts";
import { readCertificate } from "#lib/standards/tlsa.ts";
import type { TlsaMatch, TlsaMatches, TlsaMismatch } from "#lib/standards/tlsa-match.ts";
import { conclude, type Say } from "./finding.ts";
import type { Verdict } from "./verdict.ts";
import type { FindingCode } from "./wording.ts";

type Evidence = Record<string, unknown>;

/** RFC 7671 §5.1, §5.2.1 (D14) */
const RECOMMENDED = ["3 1 1", "2 0 1"];

/** The verdicts about one address whose chain was compared with its usable records. */
export function judgeMatches(
  matches: TlsaMatches,
  chain: readonly ServedCertificate[],
  evidence: Evidence,
  say: Say,
): Verdict[] {
  const { records, unmetCombinations, authenticated } = matches;
  if (!authenticated) return [sayMismatch(records, chain, evidence, say)];
  const met = records.filter(({ why }) => why === null);
  const verdicts: Verdict[] = [];
  // RFC 7671 §8 (D19): a sender may know only one of the combinations.
  if (unmetCombinations.length > 0) {
    verdicts.push(say("dane-match-combination", { ...evidence, combinations: unmetCombinations, met: textsOf(met) }));
  }
  // RFC 7671 §8.1, RFC 7672 §4 (D18): the record of a key before or after it is used.
  const idle = records.filter(({ why, reading }) => why !== null && !unmetCombinations.includes(reading.combination));
  if (idle.length > 0) verdicts.push(say("dane-match-rollover", { ...evidence, idle: textsOf(idle) }));
  const combinations = [...new Set(records.map(({ reading }) => reading.combination))];
  if (!combinations.some((one) => RECOMMENDED.includes(one)) && evidence.publish !== undefined) {
    verdicts.push(say("dane-match-recommended", { ...evidence, combinations }));
  }
  const fitting = met.map((match) => ({ record: match.reading.text, ...placeOf(match, chain) }));
  const [first] = fitting;
  return conclude(verdicts, () => say("dane-match-fits", { ...evidence, fitting, ...first }));
}

function textsOf(matches: readonly TlsaMatch[]): string[] {
  return matches.map(({ reading }) => reading.text);
}

/** The certificate that a record is about, as it is called. */
function placeOf({ index }: TlsaMatch, chain: readonly ServedCertificate[]): { place: string; certificate: string } {
  if (index === null) return { place: "an authority that only the record holds", certificate: "not sent itself" };
  const place = index === 0 ? "the certificate of the server" : `an authority, number ${index + 1} of the served chain`;
  return { place, certificate: chain[index]?.subject || "without a subject" };
}

const CODES: Readonly<Record<TlsaMismatch, FindingCode>> = {
  "name-mismatch": "dane-match-name",
  expired: "dane-match-expired",
  "not-yet-valid": "dane-match-not-yet-valid",
  "no-authority": "dane-match-chain-unusable",
  "wrong-purpose": "dane-match-chain-unusable",
  "not-issued-by-it": "dane-match-not-issued",
  "leaf-as-anchor": "dane-match-leaf-as-anchor",
  // RFC 7671 §5.2.3 (D13): not every sender can do with a key alone.
  "bare-key": "dane-match-bare-key",
  "anchor-not-sent": "dane-match-anchor-not-sent",
  "no-match": "dane-match-none",
  unreadable: "dane-match-unreadable",
};

/** What comes closest to a match tells most. */
const CLOSEST_FIRST = Object.keys(CODES) as TlsaMismatch[];

/** Why none of the records that count is met, as one verdict. */
function sayMismatch(
  records: readonly TlsaMatch[],
  chain: readonly ServedCertificate[],
  evidence: Evidence,
  say: Say,
): Verdict {
  const counting = records.filter(({ counts }) => counts);
  // RFC 7671 §9 (D20): the weaker digest fits, and nobody looks at it.
  const weaker = records.filter(({ counts, why }) => !counts && why === null);
  if (weaker.length > 0) {
    return say("dane-match-stronger-digest", { ...evidence, weaker: textsOf(weaker), stronger: textsOf(counting) });
  }
  const closest = CLOSEST_FIRST.map((why) => counting.find((match) => match.why === why)).find(
    (one) => one !== undefined,
  );
  const why = closest?.why ?? "no-match";
  const about = closest === undefined ? {} : { record: closest.reading.text, ...placeOf(closest, chain) };
  const last = chain.at(-1);
  return say(CODES[why], {
    ...{ ...evidence, ...about, why },
    subjectOfLeaf: subjectOf(chain[0]),
    dnsNames: chain[0]?.dnsNames.length ? chain[0].dnsNames : (chain[0]?.commonName ?? "no name"),
    ...{ ...datesOf(closest, chain), issuer: last?.issuer || "no name" },
    reasons: records.map(({ reading, why: reason }) => ({ record: reading.text, why: reason })),
  });
}

/** A certificate as it is called in a sentence. */
export function subjectOf(certificate: ServedCertificate | undefined): string {
  return certificate?.subject || "a certificate without a subject";
}

/** From when until when the certificate is valid that a record is about: one that was sent, or the record's own. */
function datesOf(match: TlsaMatch | undefined, chain: readonly ServedCertificate[]): { from: string; until: string } {
  const served = chain[match?.index ?? -1];
  const own = readCertificate(Buffer.from(match?.reading.record.data ?? "", "hex"));
  const [from, until] = [served?.notBefore, served?.notAfter];
  return { from: dayOf(from ?? own?.validFrom), until: dayOf(until ?? own?.validTo) };
}

/** "2026-11-22"; the text itself where it is no time. */
function dayOf(time = "an unknown day"): string {
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : new Date(at).toISOString().slice(0, 10);
}
