import type { SmtpFact, SmtpFailure } from "#lib/probes/smtp-fact.ts";
import { matchCertificate } from "#lib/standards/certificate-names.ts";
import { matchMx } from "#lib/standards/mx-match.ts";
import type { StsPolicy } from "#lib/standards/sts-policy.ts";
import { weaknessesOf } from "./certificate-strength.ts";
import type { DaneState } from "./dane-state.ts";
import { isUnknownCommand } from "./starttls.ts";
import type { StsState } from "./sts-state.ts";
import type { Act } from "./verdict.ts";

/** What a sender does, null where that is not known from here; and why, where there is something to say. */
export interface Acting {
  act: Act | null;
  why: string | null;
}

// Failures that every sender meets, wherever it is.
const EVERYWHERE: Partial<Record<SmtpFailure, string>> = {
  "connection-refused": "Nothing listens on port 25.",
  "address-refused": "The address is not on the public internet.",
  "reply-malformed": "What answers on port 25 does not speak SMTP.",
};

// Failures that others may not meet.
const FROM_HERE: Record<SmtpFailure, string> = {
  "connection-refused": "",
  "address-refused": "",
  "reply-malformed": "",
  "connection-timeout": "No connection from here.",
  "connection-reset": "It breaks the connection off, though perhaps with Sealpost alone.",
  "network-unreachable": "No way to this address from here.",
  "no-route-here": "Sealpost's machine cannot reach addresses of this family.",
  "forbidden-here": "Sealpost's machine may not connect to port 25.",
  "reply-timeout": "It accepts connections and says nothing, though perhaps to Sealpost alone.",
  "greeting-temporary": "It put Sealpost off for now.",
  "greeting-refused": "It refuses to speak with Sealpost.",
  "ehlo-temporary": "It put Sealpost off for now.",
  "ehlo-refused": "It refuses to speak with Sealpost.",
};

/** What a firewall between us and the internet makes of each connection. */
const CLOSED: readonly SmtpFailure[] = [
  ...(["connection-refused", "connection-timeout", "connection-reset", "network-unreachable"] as const),
];

/** Failures of a host that is down, when another of the same domain answers. A reset or a silence may be for us alone. */
const DOWN: Partial<Record<SmtpFailure, string>> = {
  "connection-timeout": "No connection comes about, though others answer.",
  "network-unreachable": "The network has no way to it, though others answer.",
};

/**
 * What keeps every sender from this address; null when nothing does.
 * @param othersAnswer whether another address of the domain answered, so that silence is not our network's
 * @param isClosedHere whether our network lets nobody reach port 25
 */
export function hindrance(
  { failure, starttls }: SmtpFact,
  othersAnswer: boolean,
  isClosedHere: boolean,
): Acting | null {
  if (failure === null) {
    const isSilent = starttls?.state === "refused" && starttls.reply === null;
    return isSilent ? { act: null, why: "It does not answer to STARTTLS." } : null;
  }
  if (isClosedHere && CLOSED.includes(failure.code)) return { act: null, why: "Port 25 is closed from here." };
  const everywhere = EVERYWHERE[failure.code];
  if (everywhere !== undefined) return { act: "defer", why: everywhere };
  const down = DOWN[failure.code];
  if (othersAnswer && down !== undefined) return { act: "defer", why: down };
  return { act: null, why: FROM_HERE[failure.code] };
}

/** What keeps a sender that has come to TLS from handing over its mail (RFC 3207 §4.2); null when nothing is seen to. */
export function hindranceInside({ starttls, keywordsInside, failureInside }: SmtpFact): Acting | null {
  if (starttls?.state !== "established" || keywordsInside !== null) return null;
  switch (failureInside?.code) {
    case undefined:
      return { act: null, why: "What follows inside TLS was not seen." };
    case "connection-reset":
      return { act: null, why: "It breaks off inside TLS, though perhaps with Sealpost alone." };
    case "reply-timeout":
      return { act: null, why: "It says nothing inside TLS, though perhaps to Sealpost alone." };
    case "reply-malformed":
      return { act: null, why: "What it says inside TLS is no SMTP." };
    case "ehlo-temporary":
      return { act: null, why: "Inside TLS it put Sealpost off for now." };
    case "ehlo-refused":
      // RFC 5321 §3.2: then HELO may do, which we do not try.
      if (isUnknownCommand(failureInside.reply)) {
        return { act: null, why: "It does not know EHLO inside TLS, where some senders try HELO." };
      }
      // It took the same EHLO from us in the clear, so it is not us that it does not like (RFC 3207 §4.1).
      return { act: "defer", why: "It refuses EHLO inside TLS." };
    case "certificate-demanded":
      return { act: "defer", why: "It demands a certificate of the sender." };
  }
}

/** A sender that takes TLS where it is offered, checks nothing, and delivers in the clear otherwise (RFC 7435). */
export function opportunistic({ starttls }: SmtpFact): Acting {
  if (starttls?.state === "established") return { act: "deliver", why: null };
  return { act: "unprotected", why: withoutTls(starttls?.state ?? null) };
}

/** A sender that honours MTA-STS and has just fetched the policy (RFC 8461 §5). */
export function mtaSts(smtp: SmtpFact, sts: StsState): Acting {
  if (sts.kind === "unknown") return { act: null, why: "What the MTA-STS policy demands could not be seen." };
  if (sts.kind === "none") return opportunistic(smtp);
  if (sts.kind === "policy") return underPolicy(smtp, sts.policy);
  // Some of them fare as with the policy that is worst for their mail.
  const each = sts.found.map(({ policy }) => (policy === null ? opportunistic(smtp) : underPolicy(smtp, policy)));
  return each.reduce((worst, one) => (BADNESS[one.act ?? "unknown"] > BADNESS[worst.act ?? "unknown"] ? one : worst));
}

const BADNESS: Record<Act | "unknown", number> = { deliver: 0, unprotected: 1, unknown: 2, defer: 3 };

function underPolicy(smtp: SmtpFact, policy: StsPolicy): Acting {
  if (policy.mode === "none") return opportunistic(smtp);
  const fault = stsFault(smtp, policy.mx);
  if (fault === null) return { act: "deliver", why: null };
  // RFC 8461 §5.2 (M71): reported, and delivered as if there were no policy.
  if (policy.mode === "testing") return { ...opportunistic(smtp), why: `In testing, so only reported: ${fault}` };
  return { act: "defer", why: fault };
}

/** Why a sender that enforces the policy may not deliver (RFC 8461 §4; M60, M62); null when it may. */
function stsFault(smtp: SmtpFact, patterns: readonly string[]): string | null {
  if (!matchMx(patterns, smtp.host).matched) return "The MTA-STS policy does not name this host.";
  if (smtp.starttls?.state !== "established") return withoutTls(smtp.starttls?.state ?? null);
  const [leaf] = smtp.tls?.chain ?? [];
  if (leaf === undefined) return "It sends no certificate.";
  if (smtp.tls?.chainError) return `Its certificate is not trusted: ${smtp.tls.chainError.message}.`;
  if (!matchCertificate(smtp.host, leaf).matched) return "Its certificate does not name this host.";
  return (
    weaknessesOf(smtp.tls?.chain ?? []).brokenSignature && "Its certificate is signed in a way that proves nothing."
  );
}

/** A sender that honours DANE (RFC 7672 §2), where only some look at the records (D8): one of these. */
export function dane(smtp: SmtpFact, state: DaneState): Acting {
  const acting = daneAct(smtp, state.kind);
  if (!state.isOverInsecureMx || acting.why === null) return acting;
  const whose =
    "That counts for senders that use the records of the host all the same, though the MX record is not signed.";
  return { ...acting, why: `${acting.why} ${whose}` };
}

function daneAct(smtp: SmtpFact, state: DaneState["kind"]): Acting {
  switch (state) {
    case "unknown":
      return { act: null, why: "What DANE demands could not be seen." };
    // RFC 7672 §2.1.2 (D3): the host counts as unreachable.
    case "blocked":
      return { act: "defer", why: "The DNS answers about DANE cannot be trusted, so the host counts as unreachable." };
    case "unreachable":
      return { act: "defer", why: "For senders with DANE the lookup of its addresses fails, so it is unreachable." };
    case "none":
      return opportunistic(smtp);
    case "no-tls":
      return { act: "defer", why: withoutTls(smtp.starttls?.state ?? null) };
    // RFC 7672 §8.1 (D17): they say the TLSA base in SNI.
    case "base-refused":
      return { act: "defer", why: "The TLS handshake fails for the name that senders with DANE say in it." };
    case "unseen":
      return { act: null, why: "What senders with DANE get could not be seen." };
    case "mismatch":
      return { act: "defer", why: "Its certificate fits none of its TLSA records." };
    // RFC 7671 §8 (D19): most senders know all kinds.
    case "match-of-some":
      return { act: "deliver", why: "One kind of its TLSA records fits nothing: who knows no other keeps mail back." };
    // RFC 7672 §2.2 (D6), §3.1.3 (D10): TLS, without a check of who it is.
    case "tls-only":
      return { act: "deliver", why: "None of its TLSA records can be used, so DANE demands TLS with whoever answers." };
    case "match":
      return { act: "deliver", why: null };
  }
}

function withoutTls(state: string | null): string {
  if (state === "not-offered") return "STARTTLS is not offered.";
  if (state === "temporary") return "STARTTLS is not available for the moment.";
  if (state === "handshake-failed") return "The TLS handshake fails.";
  return "STARTTLS is refused.";
}
