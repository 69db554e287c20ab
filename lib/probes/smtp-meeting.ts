import type { ProbeSettings } from "./probe-settings.ts";
import { Dialogue, type Step, type Timing } from "./smtp-dialogue.ts";
import type { InsideFailure, SmtpFact, SmtpFailure, SmtpReply } from "./smtp-fact.ts";
import { connectTcp } from "./tcp-connect.ts";

/** One address of one mail host, and how to speak with it. */
export interface Visit extends Timing {
  host: string;
  address: string;
  /** The TLSA base, where it is another name than the host's own (RFC 7672 §2.2.3). */
  base: string | null;
  settings: ProbeSettings;
}

/** What was said up to the reply to EHLO. */
export type Meeting = Pick<SmtpFact, "greeting"> &
  ({ ok: true; dialogue: Dialogue; keywords: string[] } | { ok: false; failure: Failure });

type Failure = NonNullable<SmtpFact["failure"]>;

/** The keywords of the reply to EHLO, or why there are none, with the reply where one came. */
export type Hello =
  | { ok: true; keywords: string[] }
  | { ok: false; failure: Failure & Pick<InsideFailure, "code">; reply: SmtpReply | null };

/**
 * Opens a connection, awaits the greeting and says EHLO. The caller ends the dialogue.
 * @throws the signal's reason when it is aborted
 */
export async function meet(visit: Visit): Promise<Meeting> {
  const { address, settings, limits, within, signal } = visit;
  const { smtpPort: port, allow } = settings;
  const connection = await connectTcp({ address, port, allow, timeout: within(limits.connect), signal });
  if (!connection.ok) {
    return { ok: false, greeting: null, failure: { code: connection.failure, detail: connection.detail } };
  }
  const dialogue = new Dialogue(connection.socket, visit);
  let met: Meeting | null = null;
  try {
    met = await greet(dialogue, visit);
    if (!met.ok) await dialogue.quit();
    return met;
  } finally {
    if (!met?.ok) dialogue.destroy();
  }
}

async function greet(dialogue: Dialogue, { settings, limits }: Visit): Promise<Meeting> {
  const greeted = await dialogue.reply(limits.smtpGreeting);
  if (!greeted.ok) return { ok: false, greeting: null, failure: failureOf(greeted) };
  const greeting = greeted.reply;
  const refusal = refusedGreeting(greeting);
  if (refusal) return { ok: false, greeting, failure: { code: refusal, detail: textOf(greeting) } };
  const hello = await sayHello(dialogue, settings);
  if (!hello.ok) return { ok: false, greeting, failure: hello.failure };
  return { ok: true, greeting, dialogue, keywords: hello.keywords };
}

/** RFC 5321 §3.1: 220, or 554 from a host that takes no mail; §4.2.1: a 4yz may be well the next time. */
function refusedGreeting({ code }: SmtpReply): SmtpFailure | null {
  if (code === 220) return null;
  if (code >= 400) return code < 500 ? "greeting-temporary" : "greeting-refused";
  return "reply-malformed";
}

/** EHLO and the keywords of its reply (RFC 5321 §4.1.1.1). */
export async function sayHello(dialogue: Dialogue, { ehloName }: ProbeSettings): Promise<Hello> {
  const answered = await dialogue.ask(`EHLO ${ehloName ?? dialogue.ownLiteral}`);
  if (!answered.ok) return { ok: false, failure: failureOf(answered), reply: null };
  const { reply } = answered;
  const { code, lines } = reply;
  if (code === 250) return { ok: true, keywords: lines.slice(1).map(readKeyword) };
  return { ok: false, failure: { code: refusedHello(code), detail: textOf(reply) }, reply };
}

/** RFC 5321 §4.2.1: a 4yz may be well the next time. */
function refusedHello(code: number): "ehlo-temporary" | "ehlo-refused" | "reply-malformed" {
  if (code < 400) return "reply-malformed";
  return code < 500 ? "ehlo-temporary" : "ehlo-refused";
}

/** Keywords have no case (RFC 5321 §2.4); their parameters are left as they are. */
function readKeyword(line: string): string {
  const [keyword = "", ...parameters] = line.trim().split(/[ \t]+/);
  return [keyword.toUpperCase(), ...parameters].join(" ");
}

function failureOf({ failure, detail }: Extract<Step, { ok: false }>) {
  return { code: failure, detail };
}

/** A reply on one line. */
export function textOf({ code, lines }: SmtpReply): string {
  return `${code} ${lines.join(" ")}`.trim();
}
