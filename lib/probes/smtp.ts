import { inTurn } from "./address-turn.ts";
import { LIMITS, MAX_SMTP_SHARED, SMTP_SHARED_MS } from "./limits.ts";
import type { FetchOptions } from "./policy-fetch.ts";
import type { ProbeSettings } from "./probe-settings.ts";
import { Shared } from "./shared.ts";
import type { InsideFailure, SmtpFact } from "./smtp-fact.ts";
import { tryInjection } from "./smtp-injection.ts";
import { type Hello, meet, sayHello, type Visit } from "./smtp-meeting.ts";
import { mailContext, mailTlsFactOf, startTls } from "./smtp-tls.ts";
import { tryHandshakes, untriedVersions } from "./smtp-versions.ts";

// The bundles of the web process must share it: it is a courtesy to the hosts that are looked at.
const holder: { sealpostSmtp?: Shared<SmtpFact> } = globalThis as typeof globalThis & {
  sealpostSmtp?: Shared<SmtpFact>;
};

export interface SpeakOptions extends FetchOptions {
  /** The TLSA base, where it is another name than the host's own: what a sender with DANE says in SNI (RFC 7672 §8.1). */
  base?: string | null;
}

/**
 * Speaks SMTP with one address of a mail host, and tells how far it came: greeting, EHLO, STARTTLS, the handshake, EHLO
 * inside TLS, and then, on further connections, other handshakes. One connection at a time, QUIT at the end of each, and
 * never a mail. What a host did is taken for what it does for nearly a minute.
 * @param host the name of the mail host, as in the MX record
 * @param address IP address; guarded when it is connected to
 * @throws the signal's reason when it is aborted
 */
export async function speakSmtp(
  host: string,
  address: string,
  settings: ProbeSettings,
  options: SpeakOptions = {},
): Promise<SmtpFact> {
  const { smtpPort, ehloName, extraRoots, allow } = settings;
  const { limits = LIMITS, base = null } = options;
  holder.sealpostSmtp ??= new Shared(SMTP_SHARED_MS, MAX_SMTP_SHARED);
  return await holder.sealpostSmtp.get(
    JSON.stringify([host, address, base, smtpPort, ehloName, extraRoots, allow, limits]),
    (signal) => inTurn(address, signal, () => look(host, address, settings, { ...options, signal })),
    options.signal,
  );
}

/** Speaks with the address now, whoever else may do so. */
async function look(
  host: string,
  address: string,
  settings: ProbeSettings,
  { limits = LIMITS, clock = performance.now.bind(performance), signal, base = null }: SpeakOptions,
): Promise<SmtpFact> {
  const started = clock();
  const deadline = performance.now() + limits.smtpTotal;
  const within = (limit: number) => Math.max(1, Math.min(limit, Math.ceil(deadline - performance.now())));
  const visit: Visit = { host, address, base, settings, limits, within, signal };
  const { fact, more } = await converse(visit);
  const known = fact.tls?.version ?? null;
  if (more) {
    const { turnedAway, ...handshakes } = await tryHandshakes(visit, known);
    Object.assign(fact, handshakes);
    if (known !== null) fact.injection = turnedAway ? "unknown" : await tryInjection(visit);
  }
  return { ...fact, milliseconds: Math.round(clock() - started) };
}

/** TLS 1.3 lets the client finish its handshake before the server misses a certificate; older versions end it there. */
function insideFailure({ failure, reply }: Extract<Hello, { ok: false }>): InsideFailure {
  const isDemanded = failure.code === "connection-reset" && /\bcertificate required\b/.test(failure.detail);
  return { ...failure, ...(isDemanded ? { code: "certificate-demanded" } : {}), reply };
}

/** The first dialogue, and whether its outcome is a reason to come again. */
async function converse(visit: Visit): Promise<{ fact: SmtpFact; more: boolean }> {
  const { host, address, settings, limits } = visit;
  const fact: SmtpFact = {
    ...{ host, address, failure: null, greeting: null, keywords: null, starttls: null, tls: null },
    ...{ keywordsInside: null, withoutSni: null, versions: [], injection: null, milliseconds: 0 },
  };
  const met = await meet(visit);
  fact.greeting = met.greeting;
  if (!met.ok) return { fact: { ...fact, failure: met.failure }, more: false };
  const { dialogue, keywords } = met;
  fact.keywords = keywords;
  try {
    if (!keywords.some((keyword) => keyword.split(" ")[0] === "STARTTLS")) {
      fact.starttls = { state: "not-offered", reply: null, detail: null };
      await dialogue.quit();
      return { fact, more: false };
    }
    // RFC 8461 §4.2, RFC 7672 §8.1: SNI is the name of the mail host, not that of the mail domain.
    const context = mailContext(settings.extraRoots);
    const started = await startTls(dialogue, { servername: host, context, patience: limits.tlsHandshake });
    fact.starttls = started.fact;
    if (started.socket) {
      fact.tls = mailTlsFactOf(started.socket);
      const hello = await sayHello(dialogue, settings); // RFC 3207 §4.2 (S5)
      if (hello.ok) fact.keywordsInside = hello.keywords;
      else fact.failureInside = insideFailure(hello);
      await dialogue.quit();
      return { fact, more: true };
    }
    if (started.fact.state === "handshake-failed") {
      // Whoever is silent once would be silent each time.
      if (started.late) fact.versions = untriedVersions(started.fact.detail);
      return { fact, more: !started.late };
    }
    await dialogue.quit();
    return { fact, more: false };
  } finally {
    dialogue.destroy();
  }
}
