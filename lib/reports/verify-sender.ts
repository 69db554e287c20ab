import { Readable } from "node:stream";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import PostalMime from "postal-mime";
import { statedDkim } from "./authentication-results.ts";
import type { KeyLookup } from "./dkim-keys.ts";
import { TOO_MANY_KEYS } from "./key-quota.ts";
import { splitHeader } from "./mime.ts";
import { answeringAll, keysOf, notingNames } from "./signature-keys.ts";
import { speaksFor } from "./speaks-for.ts";
import { takingTurns } from "./take-turns.ts";

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
  /** For the reports of one file: what is known of its mails' signatures, so that each is checked once, whatever is in it. */
  checks?: Map<Buffer, Checks>;
}

type Checked = Awaited<ReturnType<typeof dkimVerify>>;

/** The checks of one mail: without any key, and with those keys that can prove some reporter's reports. */
interface Checks {
  noted: Promise<{ names: ReadonlySet<string>; checked: Checked }>;
  answered: Map<string, Promise<Checked>>;
}

/** What is known of one signature. */
interface Signature {
  signer: string;
  state: "valid" | "temporary" | "wrong" | "testing";
  /** Why it does not count; null when it is valid. */
  why: string | null;
}

const NOT_SIGNED: SenderVerdict = { verdict: "none", signer: null, reason: "The mail has no DKIM signature." };

/**
 * Judges the signatures of the mail that holds a report, the innermost: it is the one that the reporter has to sign (RFC 8460
 * §3), whoever wraps it later, as a list does or a person who forwards it as an attachment. Whoever signs the wrapping says
 * nothing of what is in it: a bounce returns what a stranger wrote.
 * @param reporter the domain that the report says it is from; null when it does not say
 */
export async function verifySender(
  messages: readonly Buffer[],
  reporter: string | null,
  verifying: Verifying,
): Promise<SenderVerdict> {
  const [message, ...around] = messages;
  if (message === undefined) return NOT_SIGNED;
  // A relay writes its results into the outermost mail, of whose signatures it speaks: in what is attached anybody wrote them.
  const stated = around.length === 0 ? await statedBy(message, verifying.authservIds) : [];
  const believed = reporter === null ? undefined : stated.find(({ signer }) => speaksFor(signer, reporter));
  if (believed) {
    return { verdict: "pass", signer: believed.signer, reason: `Verified by ${believed.by} before it came here.` };
  }
  const { results } = await check(message, reporter, verifying);
  const signatures = results.flatMap((result) => (result.status.result === "none" ? [] : [signatureOf(result)]));
  if (reporter === null) {
    const [first] = signatures;
    if (first === undefined) return NOT_SIGNED;
    const reason = "The report does not say whom it is from, so that no signature can be its reporter's.";
    return { verdict: "fail", signer: first.signer, reason };
  }
  return judge(signatures, reporter);
}

async function check(
  message: Buffer,
  reporter: string | null,
  { lookUpKey, now, checks }: Verifying,
): Promise<Checked> {
  const run = (resolver: KeyLookup) =>
    dkimVerify(message.length > PIECE ? inTurns(message) : message, { resolver, curTime: now, strict: true });
  const note = async () => {
    const { names, resolver } = notingNames();
    return { checked: await run(resolver), names };
  };
  const { noted, answered } = checks?.get(message) ?? { noted: note(), answered: new Map<string, Promise<Checked>>() };
  checks?.set(message, { noted, answered });
  const { names, checked } = await noted;
  const keys = reporter === null ? [] : keysOf(reporter, names);
  if (keys.length === 0) return checked;
  const id = keys.join(" ");
  const answer = answered.get(id) ?? run(answeringAll(keys, lookUpKey));
  answered.set(id, answer);
  return answer;
}

const PIECE = 64 * 1024;

/** A large mail in pieces: each signature reads all of it, and others have their turn meanwhile. */
function inTurns(message: Buffer): Readable {
  async function* pieces() {
    const turn = takingTurns();
    for (let at = 0; at < message.length; at += PIECE) {
      await turn();
      yield message.subarray(at, at + PIECE);
    }
  }
  return Readable.from(pieces(), { objectMode: false });
}

/** What a signature of the reporter's own may come to, the most telling first. */
const TELLING = ["valid", "temporary", "wrong", "testing"] as const;

function judge(signatures: readonly Signature[], reporter: string): SenderVerdict {
  const own = signatures.filter(({ signer }) => speaksFor(signer, reporter));
  const [told] = TELLING.flatMap((state) => own.filter((signature) => signature.state === state));
  if (told) {
    const { signer, state, why } = told;
    const reason = state === "valid" ? `Signed by ${signer}.` : `The signature of ${signer} ${why}.`;
    if (state === "testing") return { verdict: "none", signer: null, reason };
    return { verdict: VERDICTS[state], signer, reason };
  }
  const [other] = signatures;
  if (other === undefined) return NOT_SIGNED;
  const reason = `It is signed by ${other.signer}, and the report says that it is from ${reporter}.`;
  return { verdict: "fail", signer: other.signer, reason };
}

const VERDICTS = { valid: "pass", temporary: "temporary", wrong: "fail" } as const;

type Result = Checked["results"][number];

function signatureOf({ signingDomain, status, rr, canonBodyLengthLimited }: Result): Signature {
  const signer = (signingDomain ?? "").toLowerCase().replace(/\.$/, "").slice(0, 253) || "an unnamed domain";
  if (status.result === "temperror") {
    if (status.comment?.includes(TOO_MANY_KEYS))
      return { signer, state: "temporary", why: "was not checked: too many keys were asked for at once" };
    return { signer, state: "temporary", why: `could not be checked: its key was not to be had (${status.comment})` };
  }
  // RFC 6376 §3.6.1: such mail is treated as if it was not signed, whatever the signature comes to.
  if (status.testing) return { signer, state: "testing", why: "counts as none: its key is in testing mode (t=y)" };
  // RFC 8460 §3: the l= tag must not be used, since anything could stand behind what is signed.
  if (canonBodyLengthLimited) return { signer, state: "wrong", why: "covers a part of the mail only (l=)" };
  if (status.result === "pass") return { signer, state: "valid", why: null };
  const isRevoked = /(?:^|;)p=(?:;|$)/.test(rr ?? "");
  const why = isRevoked
    ? "has a key that was revoked"
    : (WHY[status.comment ?? ""] ?? `does not hold: ${status.comment ?? status.result}`);
  return { signer, state: "wrong", why };
}

const WHY: Readonly<Record<string, string>> = {
  "body hash did not verify": "does not fit: the mail was changed on its way",
  "bad signature": "does not fit the mail or its key",
  "no key": "has no key in the DNS (any more)",
  expired: "has run out",
  "key not for email": "has a key that is for other services (s=)",
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
