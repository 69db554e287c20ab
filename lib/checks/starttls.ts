import type {
  InsideFailure,
  OutwardFact,
  SmtpFact,
  SmtpFailure,
  SmtpReply,
  StarttlsState,
} from "#lib/probes/smtp-fact.ts";
import { addressesOf } from "./answers.ts";
import { dialoguesOf, eachAddress, eachMailHost, type HostFacts } from "./each-mail-host.ts";
import { conclude, type Say } from "./finding.ts";
import type { Facts } from "./gather.ts";
import type { Verdict } from "./verdict.ts";
import { type FindingCode, wordsOf } from "./wording.ts";

const CHECK = "starttls";

/** Whether each address of each mail host can be spoken with, and comes to TLS (RFC 3207; M62, M65, S2 to S5, Q1). */
export function checkStarttls(facts: HostFacts & Pick<Facts, "smtp" | "outward">): Verdict[] {
  const { smtp, outward, domain } = facts;
  const isOpen = outward?.port25 === "open" || smtp.some(({ greeting }) => greeting !== null);
  return eachMailHost(CHECK, facts, (host, sayOfHost) => {
    const verdicts = eachAddress(CHECK, host, smtp, (one, say) => judgeAddress(one, { outward, isOpen, domain }, say));
    const count = new Set(addressesOf(host.addresses).addresses).size;
    const looked = dialoguesOf(host, smtp).length;
    // M65: an address that was not looked at is not taken for a good one.
    return looked < count ? [...verdicts, sayOfHost("starttls-addresses-unlooked", { count, looked })] : verdicts;
  });
}

interface Surroundings {
  outward: OutwardFact | null;
  /** Whether port 25 of some other host was reached. */
  isOpen: boolean;
  domain: string;
}

function judgeAddress(fact: SmtpFact, { outward, isOpen, domain }: Surroundings, say: Say): Verdict[] {
  const { host, address, failure, starttls, tls, keywords, keywordsInside } = fact;
  const evidence = {
    host,
    address,
    // As it is typed: an IPv6 address in brackets before its port.
    target: address.includes(":") ? `[${address}]:25` : `${address}:25`,
    domain,
    error: failure?.detail || starttls?.detail || fact.failureInside?.detail || "no reason was given",
    greeting: shown(fact.greeting),
    reply: shown(fact.failureInside?.reply ?? starttls?.reply ?? null),
    offered: keywords !== null && keywords.length > 0 ? keywords : "no keyword",
    keywordsInside,
    milliseconds: fact.milliseconds,
    hint: hintFor(fact, isOpen),
  };
  const obstacle = tlsObstacle(fact, outward);
  if (obstacle !== null) return [say(obstacle, evidence)];

  const verdicts: Verdict[] = [];
  // RFC 3207 §6 (S3): what came in the clear is discarded once TLS is up.
  if (fact.injection === "processed") verdicts.push(say("starttls-injection", evidence));
  // RFC 3207 §4.2 (S5): EHLO again, inside TLS.
  if (keywordsInside === null) verdicts.push(say(codeInside(fact.failureInside), evidence));
  // RFC 3207 §4.2 (S4): not offered again inside TLS.
  if (keywordsInside?.some((keyword) => isKeyword("STARTTLS", keyword))) {
    verdicts.push(say("starttls-offered-inside", evidence));
  }
  // RFC 8689 §3 (Q1): a capability, offered inside TLS only.
  const requireTls = keywordsInside?.some((keyword) => isKeyword("REQUIRETLS", keyword)) ?? false;
  const found = { ...evidence, version: tls?.version, cipher: tls?.cipher, requireTls };
  return conclude(verdicts, () => say("starttls-established", found));
}

/** What came of EHLO inside TLS, where it was not answered with keywords. */
function codeInside(failure: InsideFailure | undefined): FindingCode {
  switch (failure?.code) {
    case "reply-malformed":
      return "starttls-malformed-inside";
    case "ehlo-temporary":
      return "starttls-temporary-inside";
    case "ehlo-refused":
      return isUnknownCommand(failure.reply) ? "starttls-ehlo-unknown-inside" : "starttls-refused-inside";
    case "certificate-demanded":
      return "starttls-certificate-demanded";
    default:
      return "starttls-silent-inside";
  }
}

/** RFC 5321 §4.2.4: the command is not known; a sender then falls back to HELO (§3.2). */
export function isUnknownCommand(reply: SmtpReply | null): boolean {
  return reply?.code === 500 || reply?.code === 502;
}

/** What else was seen that helps to find the cause; empty, or a sentence behind a blank. */
function hintFor({ failure, tls, withoutSni }: SmtpFact, isOpen: boolean): string {
  if (failure !== null) {
    return isOpen ? " Port 25 of other hosts can be reached from here, so the cause is probably there." : "";
  }
  const isOnlyWithSni = tls === null && withoutSni !== null && withoutSni.fingerprint256 !== null;
  return isOnlyWithSni ? " Without the name of the host in it (SNI) the handshake succeeds." : "";
}

/** The first line of a reply, as it came. */
function shown(reply: SmtpReply | null): string {
  return reply === null ? "nothing" : `${reply.code} ${reply.lines[0] ?? ""}`.trim();
}

function isKeyword(wanted: string, line: string): boolean {
  return line.split(/[ =]/, 1)[0]?.toUpperCase() === wanted;
}

const UNREACHED: Readonly<Record<SmtpFailure, FindingCode>> = {
  "address-refused": "starttls-private-address",
  "connection-refused": "starttls-connection-refused",
  "connection-timeout": "starttls-connection-timeout",
  "connection-reset": "starttls-connection-reset",
  "network-unreachable": "starttls-network-unreachable",
  "no-route-here": "starttls-no-route-here",
  "forbidden-here": "starttls-forbidden-here",
  "reply-timeout": "starttls-reply-timeout",
  "reply-malformed": "starttls-reply-malformed",
  "greeting-temporary": "starttls-greeting-temporary",
  "greeting-refused": "starttls-greeting-refused",
  "ehlo-temporary": "starttls-ehlo-temporary",
  "ehlo-refused": "starttls-ehlo-refused",
};

/** How a firewall on our side that closes port 25 shows: it drops, rejects or resets. */
const CLOSED_PORT: readonly SmtpFailure[] = [
  "connection-refused",
  "connection-timeout",
  "connection-reset",
  "network-unreachable",
];

const WITHOUT_TLS: Readonly<Record<Exclude<StarttlsState, "established">, FindingCode>> = {
  "not-offered": "starttls-not-offered",
  temporary: "starttls-temporary",
  refused: "starttls-reply-refused",
  "handshake-failed": "starttls-handshake-failed",
};

/** Some firewalls write X over keywords that they do not let pass: "XXXXXXXA" in the place of STARTTLS. */
const MASKED_KEYWORD = /^X{4,}[A-Z]?$/;

/**
 * What kept an address from TLS, as the code of its verdict; null when TLS came up.
 * @throws Error when the facts tell neither
 */
export function tlsObstacle(fact: SmtpFact, outward: OutwardFact | null): FindingCode | null {
  if (fact.failure !== null) {
    const { code } = fact.failure;
    const isOurs = outward?.port25 === "closed" && CLOSED_PORT.includes(code);
    return isOurs ? "starttls-port-closed-here" : UNREACHED[code];
  }
  const { starttls, tls, keywords } = fact;
  if (starttls === null) throw new Error("EHLO was answered, but what came of STARTTLS was not recorded");
  if (starttls.state === "established") {
    if (tls === null) throw new Error("TLS was established, but not recorded");
    return null;
  }
  // Offered, and then not answered at all: that is not yet a refusal.
  if (starttls.state === "refused" && starttls.reply === null) return "starttls-no-reply";
  const isMasked = starttls.state === "not-offered" && keywords?.some((keyword) => MASKED_KEYWORD.test(keyword));
  return isMasked ? "starttls-masked" : WITHOUT_TLS[starttls.state];
}

const SKIPS = { error: "skipped-after-error", skipped: "skipped-after-skip" } as const;

/** The verdict of a check that looks at TLS about an address that did not come to it; null when it did. */
export function skippedWithoutTls(fact: SmtpFact, outward: OutwardFact | null, say: Say): Verdict | null {
  const obstacle = tlsObstacle(fact, outward);
  if (obstacle === null) return null;
  const { status } = wordsOf(obstacle);
  const skip = status === "error" || status === "skipped" ? SKIPS[status] : "skipped-after-fail";
  return say(skip, { prerequisite: CHECK });
}
