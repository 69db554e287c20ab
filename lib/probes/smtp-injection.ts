import type { Dialogue, Step } from "./smtp-dialogue.ts";
import type { InjectionState } from "./smtp-fact.ts";
import { meet, type Visit } from "./smtp-meeting.ts";
import { mailContext } from "./smtp-tls.ts";

/**
 * Whether a command that was sent in plaintext behind STARTTLS is acted upon inside TLS (RFC 3207 §6; S3), where it would
 * pass for the client's own. The command is NOOP, which does nothing.
 */
export async function tryInjection(visit: Visit): Promise<InjectionState> {
  const met = await meet(visit);
  if (!met.ok) return "unknown";
  const { dialogue } = met;
  try {
    const answered = await dialogue.ask("STARTTLS\r\nNOOP"); // in one packet
    if (!answered.ok) return withoutAnswer(answered);
    if (answered.reply.code !== 220) {
      await dialogue.quit();
      return "refused";
    }
    const { settings, host: servername, limits } = visit;
    const context = mailContext(settings.extraRoots);
    const shaken = await dialogue.secure({ servername, context, patience: limits.legacyTls });
    // A NOOP that is taken for the beginning of TLS breaks it.
    if (!shaken.ok) return shaken.failure === "tls-timeout" ? "unknown" : "refused";
    return await countReplies(dialogue, visit);
  } finally {
    dialogue.destroy();
  }
}

/** Three replies to the two commands that are sent inside TLS: the first was to NOOP. */
async function countReplies(dialogue: Dialogue, { settings, limits }: Visit): Promise<InjectionState> {
  dialogue.say(`EHLO ${settings.ehloName ?? dialogue.ownLiteral}`);
  const first = await dialogue.reply(limits.smtpReply);
  if (!first.ok) return withoutAnswer(first);
  dialogue.say("QUIT");
  const second = await dialogue.reply(limits.smtpQuit);
  if (second.ok && second.reply.code !== 221) {
    const third = await dialogue.reply(limits.smtpQuit);
    return third.ok ? "processed" : "discarded";
  }
  // Only EHLO has a reply of several lines.
  return second.ok || first.reply.lines.length > 1 ? "discarded" : "unknown";
}

/** To break off is a refusal as well. */
function withoutAnswer({ failure }: Extract<Step, { ok: false }>): InjectionState {
  return failure === "connection-reset" ? "refused" : "unknown";
}
