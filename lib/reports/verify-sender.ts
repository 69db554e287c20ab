import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import PostalMime from "postal-mime";
import { statedDkim } from "./authentication-results.ts";
import type { KeyLookup } from "./dkim-keys.ts";
import { MAX_SIGNATURES } from "./limits.ts";
import { splitHeader } from "./mime.ts";
import { speaksFor } from "./speaks-for.ts";

/** Whether the mail around a report was signed by whoever the report says it is from (RFC 8460 §3, P18). */
export interface SenderVerdict {
  /** `temporary`: a key could not be looked up; that says nothing, and is tried again. */
  verdict: "pass" | "fail" | "none" | "temporary";
  /** The domain whose signature decided, or null where there is none. */
  signer: string | null;
  /** One sentence, for people. */
  reason: string;
}

export interface Verifying {
  lookUpKey: KeyLookup;
  /** Systems whose Authentication-Results are believed; none where the mail came straight from a stranger. */
  authservIds: readonly string[];
  now: Date;
}

/** What is known of one signature. */
interface Signature {
  signer: string;
  state: "valid" | "temporary" | "wrong";
  /** Why it does not count; null when it is valid. */
  why: string | null;
}

/**
 * Judges the signatures of the mails around a report, the innermost first: a list or a forwarder may have wrapped the mail
 * that was signed.
 * @param reporter the domain that the report says it is from; null when it does not say
 */
export async function verifySender(
  messages: readonly Buffer[],
  reporter: string | null,
  verifying: Verifying,
): Promise<SenderVerdict> {
  const verdicts: SenderVerdict[] = [];
  for (const message of messages) {
    const verdict = await verifyMessage(message, reporter, verifying);
    if (verdict.verdict === "pass") return verdict;
    verdicts.push(verdict);
  }
  const worth = ["temporary", "fail", "none"] as const;
  const told = worth.flatMap((one) => verdicts.filter(({ verdict }) => verdict === one))[0];
  return told ?? { verdict: "none", signer: null, reason: "The mail has no DKIM signature." };
}

async function verifyMessage(
  message: Buffer,
  reporter: string | null,
  { lookUpKey, authservIds, now }: Verifying,
): Promise<SenderVerdict> {
  const { results } = await dkimVerify(message, {
    resolver: limited(lookUpKey),
    curTime: now,
    strict: true,
  });
  const signatures = results.flatMap((result) => (result.status.result === "none" ? [] : [signatureOf(result)]));
  const stated = await statedBy(message, authservIds);
  if (reporter === null) {
    if (signatures.length === 0) return { verdict: "none", signer: null, reason: "The mail has no DKIM signature." };
    const reason = "The report does not say whom it is from, so that no signature can be its reporter's.";
    return { verdict: "fail", signer: signatures[0]?.signer ?? null, reason };
  }
  const believed = stated.find(({ signer }) => speaksFor(signer, reporter));
  if (believed) {
    return { verdict: "pass", signer: believed.signer, reason: `Verified by ${believed.by} before it came here.` };
  }
  return judge(signatures, reporter);
}

function judge(signatures: readonly Signature[], reporter: string): SenderVerdict {
  const own = signatures.filter(({ signer }) => speaksFor(signer, reporter));
  const valid = own.find(({ state }) => state === "valid");
  if (valid) return { verdict: "pass", signer: valid.signer, reason: `Signed by ${valid.signer}.` };
  const [closest] = own.toSorted((a, b) => Number(b.state === "temporary") - Number(a.state === "temporary"));
  if (closest) {
    const verdict = closest.state === "temporary" ? "temporary" : "fail";
    return { verdict, signer: closest.signer, reason: `The signature of ${closest.signer} ${closest.why}.` };
  }
  const [other] = signatures;
  if (other === undefined) return { verdict: "none", signer: null, reason: "The mail has no DKIM signature." };
  const reason = `It is signed by ${other.signer}, and the report says that it is from ${reporter}.`;
  return { verdict: "fail", signer: other.signer, reason };
}

type Result = Awaited<ReturnType<typeof dkimVerify>>["results"][number];

function signatureOf({ signingDomain, status, canonBodyLengthLimited }: Result): Signature {
  const signer = (signingDomain ?? "").toLowerCase().replace(/\.$/, "").slice(0, 253) || "an unnamed domain";
  if (status.result === "temperror") {
    return { signer, state: "temporary", why: `could not be checked: its key was not to be had (${status.comment})` };
  }
  // RFC 8460 §3: the l= tag must not be used, since anything could stand behind what is signed.
  if (canonBodyLengthLimited) return { signer, state: "wrong", why: "covers a part of the mail only (l=)" };
  if (status.result === "pass") return { signer, state: "valid", why: null };
  const why = WHY[status.comment ?? ""] ?? `does not hold: ${status.comment ?? status.result}`;
  return { signer, state: "wrong", why };
}

const WHY: Readonly<Record<string, string>> = {
  "body hash did not verify": "does not fit: the mail was changed on its way",
  "bad signature": "does not fit the mail or its key",
  "no key": "has no key in the DNS (any more)",
  expired: "has run out",
  "weak algorithm": "uses SHA-1, which proves nothing (RFC 8301 §3.1)",
};

/** What the topmost field of a trusted system says was valid. */
async function statedBy(message: Buffer, authservIds: readonly string[]): Promise<{ signer: string; by: string }[]> {
  if (authservIds.length === 0) return [];
  const { headers } = await new PostalMime().parse(splitHeader(message).header);
  for (const { key, value } of headers) {
    if (key !== "authentication-results") continue;
    const stated = statedDkim(value, authservIds);
    if (stated === null) continue;
    const by = value.trim().split(/[\s;]/)[0] ?? "";
    return stated.flatMap(({ result, signer }) => (result === "pass" && signer !== null ? [{ signer, by }] : []));
  }
  return [];
}

/** A mail may carry any number of signatures; only so many keys are asked for. */
function limited(lookUpKey: KeyLookup): KeyLookup {
  let left = MAX_SIGNATURES;
  return (name, type) => {
    left -= 1;
    if (left < 0) throw Object.assign(new Error("too many signatures"), { code: "ENODATA" });
    return lookUpKey(name, type);
  };
}
