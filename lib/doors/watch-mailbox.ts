import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { ImapFlow } from "imapflow";
import {
  LEASE_SECONDS,
  leasedMailbox,
  type MailboxLease,
  noteFailure,
  noteReached,
  releaseLease,
  renewLease,
} from "#lib/db/mailbox-lease.ts";
import { DatabaseAway, NotFound } from "#lib/errors.ts";
import { probeSettings } from "#lib/lookups/probe-settings.ts";
import { settings } from "#lib/settings.ts";
import { openCredentials, sealCredentials } from "./mailbox-credentials.ts";
import { faultOf, MailboxFault } from "./mailbox-fault.ts";
import { openFolder } from "./open-folder.ts";
import { readMailbox } from "./read-mailbox.ts";
import { signIn } from "./sign-in.ts";
import { LeaseGone } from "./visit.ts";

const HEARTBEAT_MS = 10_000;
/** How often a folder is looked at where the server does not tell of new mail, and where it may have forgotten to. */
const LOOK_MS = 5 * 60_000;
const LOGOUT_MS = 2_000;
/** A connection that has lasted this long was a good one; what follows is no failure in a row. */
const HEALTHY_MS = 60_000;

/** How long to wait after the first failure, and at most; each failure in a row doubles it. */
const WAITS = { usual: [2_000, 5 * 60_000], refused: [60_000, 15 * 60_000], away: [500, 4_000] } as const;
/** Asked again and again, servers lock an account whose password is wrong. */
const REFUSED = ["login-refused", "token-refused", "secret-unreadable", "no-method"];

/**
 * Reads one mailbox for as long as the lease lasts: all mail that is there, then what comes. A fault is noted, and after a
 * while it is tried again.
 * @param failed is told of faults of our own
 */
export async function watchMailbox(lease: MailboxLease, stop: AbortSignal, failed: (error: unknown) => void) {
  const gone = new AbortController();
  const signal = AbortSignal.any([stop, gone.signal]);
  const heart = keepLease(lease, gone);
  try {
    for (let failures = 0; !signal.aborted; ) {
      const began = performance.now();
      const isHealthy = () => performance.now() - began > HEALTHY_MS;
      const wait = await visitMailbox(lease, signal).catch((error: unknown) => {
        // Servers end a connection that has only waited for a while: that is no failure until the next one fails.
        const isUsual = isHealthy() && error instanceof MailboxFault && error.code === "server-closed";
        return isUsual ? 0 : afterFailure(lease, error, isHealthy() ? 0 : failures, signal, failed);
      });
      failures = isHealthy() ? 1 : failures + 1;
      if (wait === null) return;
      await sleep(wait, undefined, { signal }).catch(() => {});
    }
  } finally {
    clearInterval(heart);
    await releaseLease(lease).catch(() => {}); // it ends by itself
  }
}

/** Holds the lease; when it is lost, or cannot be held for as long as it lasts, `gone` is aborted. */
function keepLease(lease: MailboxLease, gone: AbortController): NodeJS.Timeout {
  let held = performance.now();
  return setInterval(() => {
    const asked = performance.now();
    renewLease(lease).then(
      (isOurs) => {
        if (isOurs) held = asked;
        else gone.abort(new LeaseGone());
      },
      () => {
        if (performance.now() - held > LEASE_SECONDS * 1_000) gone.abort(new LeaseGone());
      },
    );
  }, HEARTBEAT_MS);
}

/** @returns how long to wait in milliseconds, or null when this reader has to end */
async function afterFailure(
  lease: MailboxLease,
  error: unknown,
  failures: number,
  signal: AbortSignal,
  failed: (error: unknown) => void,
): Promise<number | null> {
  // A domain that is not there any more has taken its mailboxes with it.
  if (signal.aborted || error instanceof LeaseGone || error instanceof NotFound) return null;
  const isKnown = error instanceof MailboxFault || error instanceof DatabaseAway;
  if (!isKnown) failed(error);
  if (!(error instanceof DatabaseAway)) {
    const sentence = isKnown ? error.message : "Sealpost met a fault of its own; its log says more.";
    await noteFailure(lease, sentence, new Date()).catch(() => {}); // noted the next time
  }
  const isRefused = error instanceof MailboxFault && REFUSED.includes(error.code);
  const kind = isRefused ? "refused" : error instanceof DatabaseAway ? "away" : "usual";
  const [first, longest] = WAITS[kind];
  return Math.min(first * 2 ** failures, longest) * (0.75 + Math.random() / 2);
}

/** One connection, until it breaks or the signal ends it. @returns how long to wait before the next one: not at all */
async function visitMailbox(lease: MailboxLease, signal: AbortSignal): Promise<number> {
  const mailbox = await leasedMailbox(lease);
  if (mailbox === null) throw new LeaseGone();
  const { id, host, port, security, userName } = mailbox;
  const credentials = openCredentials(mailbox.secret, id);
  const keep = async (changed: typeof credentials) => {
    const isNoted = await noteReached(lease, { secret: sealCredentials(changed, id) }, new Date());
    if (!isNoted) throw new LeaseGone();
  };
  const account = { host, port, security, userName };
  const client = await signIn(account, credentials, probeSettings(settings()), { keep, signal });
  try {
    const visit = { client, mailbox, lease };
    const news = newsOf(client);
    let last = await openFolder(visit);
    while (!signal.aborted) {
      news.forget();
      last = await readMailbox(visit, last);
      await untilNews(client, news, signal);
    }
    return 0;
  } catch (error) {
    if (error instanceof DatabaseAway || error instanceof LeaseGone || error instanceof NotFound) throw error;
    throw isOfConnection(error, client) ? faultOf(error, mailbox) : error;
  } finally {
    await Promise.race([client.logout().catch(() => {}), sleep(LOGOUT_MS)]);
    client.close();
  }
}

/** The library's own errors carry a code or the server's answer; whatever else is thrown here is a fault of ours. */
function isOfConnection(error: unknown, client: ImapFlow): boolean {
  if (error instanceof MailboxFault || !client.usable) return true;
  return error instanceof Error && ("code" in error || "responseStatus" in error);
}

interface News {
  /** What came before is known. */
  forget(): void;
  /** Resolves when mail has come since then. */
  came(): Promise<void>;
}

/** Remembers that the server told of new mail, whenever it did: also while something else was asked. */
function newsOf(client: ImapFlow): News {
  let next = Promise.withResolvers<void>();
  client.on("exists", ({ count, prevCount }) => {
    if (count > prevCount) next.resolve();
  });
  return {
    forget() {
      next = Promise.withResolvers<void>();
    },
    came: () => next.promise,
  };
}

async function untilNews(client: ImapFlow, news: News, signal: AbortSignal): Promise<void> {
  const waiting = new AbortController();
  const over = AbortSignal.any([signal, waiting.signal]);
  const canTell = client.usable && client.capabilities.has("IDLE");
  if (canTell) client.idle().catch(() => {}); // a connection that ends says so below
  try {
    if (client.usable)
      await Promise.race([
        news.came(),
        once(client, "close", { signal: over }),
        sleep(LOOK_MS, undefined, { signal: over }),
      ]).catch(() => {});
    if (!canTell && client.usable && !signal.aborted) await client.noop();
  } finally {
    waiting.abort();
  }
  if (!client.usable) throw Object.assign(new Error("closed"), { code: "EConnectionClosed" });
}
