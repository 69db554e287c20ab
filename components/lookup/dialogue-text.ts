import type { Facts } from "#lib/checks/gather.ts";
import { shownText } from "./dns-text.ts";

export type SmtpFact = Facts["smtp"][number];
type Reply = NonNullable<SmtpFact["greeting"]>;

/** The dialogue with one address as it went: what Sealpost said (C) and what the server said (S). */
export function dialogueLines(fact: SmtpFact): string[] {
  const { greeting, keywords, starttls, tls, keywordsInside, failureInside, failure } = fact;
  const lines: string[] = [];
  if (greeting !== null) lines.push(...replyLines(greeting));
  if (keywords !== null) lines.push("C: EHLO", ...keywordLines(keywords));
  if (starttls?.state === "not-offered") lines.push("   STARTTLS is not among the keywords.");
  else if (starttls) lines.push("C: STARTTLS", ...(starttls.reply === null ? [] : replyLines(starttls.reply)));
  if (tls !== null) {
    const exchange = tls.keyExchange === null ? "" : `, key exchange ${tls.keyExchange}`;
    lines.push(`   ${tls.version}, cipher ${tls.cipher}${exchange}`);
  } else if (starttls?.detail) lines.push(`   No handshake: ${shownText(starttls.detail)}`);
  if (keywordsInside !== null) lines.push("C: EHLO", ...keywordLines(keywordsInside));
  if (failureInside?.reply) lines.push("C: EHLO", ...replyLines(failureInside.reply));
  else if (failureInside) lines.push("C: EHLO", `   ${failureInside.code}: ${shownText(failureInside.detail)}`);
  if (failure !== null)
    lines.push(`   ${failure.code}${failure.detail === "" ? "" : `: ${shownText(failure.detail)}`}`);
  return lines;
}

function replyLines({ code, lines }: Reply): string[] {
  if (lines.length === 0) return [`S: ${code}`];
  return lines.map((line, i) => `S: ${code}${i < lines.length - 1 ? "-" : " "}${shownText(line)}`);
}

function keywordLines(keywords: readonly string[]): string[] {
  return keywords.length === 0 ? ["S: 250 (no keywords)"] : replyLines({ code: 250, lines: [...keywords] });
}

/** What was tried besides the dialogue, each with what came of it. */
export function trials(fact: SmtpFact): { name: string; result: string }[] {
  const versions = fact.versions.map(({ version, accepted }) => ({
    name: version.replace(/^TLSv1$/, "TLS 1.0").replace("TLSv", "TLS "),
    result: accepted === null ? "not tried" : accepted ? "accepted" : "refused",
  }));
  return [
    ...versions,
    ...(fact.withoutSni === null ? [] : [{ name: "Without SNI", result: withoutSniResult(fact) }]),
    ...(fact.baseSni
      ? [{ name: `With SNI ${shownText(fact.baseSni.base)}`, result: baseSniResult(fact, fact.baseSni) }]
      : []),
    ...(fact.injection === null ? [] : [{ name: "Plaintext sent with STARTTLS", result: fact.injection }]),
  ];
}

function withoutSniResult({ withoutSni, tls }: SmtpFact): string {
  if (withoutSni === null || withoutSni.fingerprint256 === null) return "no handshake";
  return comparedWith(tls, withoutSni.fingerprint256);
}

function baseSniResult({ tls }: SmtpFact, { established, chain }: NonNullable<SmtpFact["baseSni"]>): string {
  if (established === null) return "not tried";
  return established ? comparedWith(tls, chain[0]?.fingerprint256) : "no handshake";
}

function comparedWith(tls: SmtpFact["tls"], fingerprint: string | undefined): string {
  return fingerprint === tls?.chain[0]?.fingerprint256 ? "the same certificate" : "another certificate";
}
