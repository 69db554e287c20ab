import { probeSettings } from "#lib/lookups/probe-settings.ts";
import { createResolver, type Resolver } from "#lib/probes/dns.ts";
import { settings } from "#lib/settings.ts";

/** As mailauth asks: the strings of each TXT record; an error's code tells "there is none" from "could not look". */
export type KeyLookup = (name: string, type: string) => Promise<string[][]>;

/** A few senders write all reports, so that their keys are asked for once in a while and not for each mail. */
const KEPT_MS = 5 * 60_000;
/** A fault of the network is not asked about again for each of the mails that come meanwhile. */
const KEPT_AFTER_FAULT_MS = 10_000;
/** Names asked for in that time, each by a mail of a stranger. */
const MOST_NAMES = 1_000;

interface Held {
  resolver: Resolver;
  until: number;
  names: Set<string>;
}

const holder: { sealpostDkimKeys?: Held } = globalThis as typeof globalThis & { sealpostDkimKeys?: Held };

/**
 * Looks a DKIM key record up (RFC 6376 §3.6.2).
 * @throws Error with a code: ENOTFOUND or ENODATA when there is none, the failure's name in capitals when nobody answered
 */
export const lookUpKey: KeyLookup = async (name) => {
  const held = heldFor(name.toLowerCase());
  const { result } = await held.resolver.txt(name);
  if (result.ok) return result.records.map(({ strings }) => strings);
  const code = ABSENT[result.failure];
  if (code === undefined) held.until = Math.min(held.until, performance.now() + KEPT_AFTER_FAULT_MS);
  throw Object.assign(new Error(result.detail), { code: code ?? result.failure.toUpperCase() });
};

const ABSENT: Readonly<Record<string, string>> = { "no-such-name": "ENOTFOUND", "no-data": "ENODATA" };

function heldFor(name: string): Held {
  const held = holder.sealpostDkimKeys;
  const now = performance.now();
  if (held && held.until > now && (held.names.has(name) || held.names.size < MOST_NAMES)) {
    held.names.add(name);
    return held;
  }
  const fresh = { resolver: createResolver(probeSettings(settings())), until: now + KEPT_MS, names: new Set([name]) };
  holder.sealpostDkimKeys = fresh;
  return fresh;
}
