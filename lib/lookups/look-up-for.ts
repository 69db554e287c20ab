import { networkOf } from "#lib/accounts/throttle.ts";
import { countAfterFailedFetch, countAttempt } from "#lib/db/attempts.ts";
import { isDomainOfUser } from "#lib/db/domain-users.ts";
import { displayName } from "#lib/standards/domain-name.ts";
import { AFTER_FAILED_FETCH, BUSY_SECONDS, type LookLimit, PER_CLIENT, PER_TARGET } from "./limits.ts";
import { isBusy, lookUp, type RunningLookup, sharedLookup } from "./look-up.ts";

/** Who asks for a lookup. */
export interface LookupClient {
  /** IP address, as the web process saw it. */
  address: string;
  /** Null for a visitor. */
  userId: string | null;
}

/** Why nothing is looked at now, and the seconds after which it is worth asking again. */
export interface LookupRefusal {
  ok: false;
  why: "busy" | "client" | "target" | "failed-fetch";
  sentence: string;
  seconds: number;
  /** How HTTP says it: the server cannot now, or somebody asks too often (RFC 9110 §15.6.4, RFC 6585 §4). */
  status: 503 | 429;
}

/** A lookup that is shared or under way, or a refusal. */
export type LookupAnswer = { ok: true; lookup: RunningLookup } | LookupRefusal;

/** Looks a domain (A-labels) up for somebody, within the limits of limits.ts. */
export async function lookUpFor(client: LookupClient, domain: string): Promise<LookupAnswer> {
  return (await refuseLook(client, domain)) ?? { ok: true, lookup: lookUp(domain) };
}

/**
 * Counts a fresh look at a domain against whoever asks and against the domain. One that is shared costs nobody anything, and
 * is always given.
 * @returns null when `lookUp` or `lookUpAndKeep` may be called now
 */
export async function refuseLook(client: LookupClient, domain: string): Promise<LookupRefusal | null> {
  if (sharedLookup(domain)) return null;
  if (isBusy()) return refusal("busy", "Sealpost is looking at many domains just now.", BUSY_SECONDS);
  const { userId, address } = client;
  const isMember = userId !== null && (await isDomainOfUser(userId, domain));
  const kind = isMember ? "member" : "visitor";
  const asker = isMember ? `user:${userId}` : `address:${networkOf(address)}`;
  // One after the other: whoever is over the own limit must not use up the domain's.
  const ofClient = await secondsOver(`lookup:${kind}:${asker}`, PER_CLIENT[kind]);
  if (ofClient !== null) {
    return refusal("client", `${isMember ? "You have" : "Your address has"} asked for many lookups.`, ofClient);
  }
  const shown = displayName(domain);
  const ofTarget = await secondsOver(`lookup:${kind}:domain:${domain}`, PER_TARGET[kind]);
  if (ofTarget !== null) {
    return refusal("target", `${shown} was looked at often in the last minutes, and its servers get a rest.`, ofTarget);
  }
  // M30: nobody should ask again so soon; a person who has mended it may, a few times.
  const again = await countAfterFailedFetch(domain);
  if (again !== null && again.count > AFTER_FAILED_FETCH.most) {
    const why = `The policy of ${shown} could not be fetched, also when it was tried again; senders wait five minutes then.`;
    return refusal("failed-fetch", why, again.seconds);
  }
  return null;
}

async function secondsOver(key: string, limit: LookLimit): Promise<number | null> {
  const [counted] = await countAttempt([key], limit.window);
  return counted && counted.count > limit.most ? Math.max(1, counted.seconds) : null;
}

function refusal(why: LookupRefusal["why"], sentence: string, seconds: number): LookupRefusal {
  const wait = seconds <= 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  return { ok: false, why, sentence: `${sentence} Try again in ${wait}.`, seconds, status: why === "busy" ? 503 : 429 };
}
