import { followPool, newPool } from "./address-pool.ts";
import { type Change, carry, changesOf, keyOf } from "./compare.ts";
import type { AddressPool, Seen, SeenCertificate, SeenEntry } from "./compare-seen.ts";

type Entry = Seen[number];
type AddressesEntry = SeenEntry<"a"> | SeenEntry<"aaaa">;

/** What was seen up to a lookup, and when that began. */
export interface SeenUpTo {
  seen: Seen;
  at: Date;
}

/**
 * What was last seen of everything with this lookup, and what it tells of what has changed: as two lookups compared, but that
 * a host may answer with other addresses of a pool each time. The clock is the lookup's.
 */
export function follow(before: SeenUpTo | null, now: SeenUpTo): { seen: Seen; changes: Change[] } {
  const earlier = new Map(before?.seen.map((entry) => [keyOf(entry), entry]));
  const addressChanges = new Map<Entry, Change[]>();
  const seen = now.seen.map((entry): Entry => {
    if (!isAddresses(entry)) return entry;
    // The same key is the same kind.
    const last = earlier.get(keyOf(entry)) as AddressesEntry | undefined;
    if (before === null || last === undefined) return { ...entry, pool: newPool(entry.value, now.at) };
    const lately = { value: last.value, pool: last.pool ?? newPool(last.value, before.at) };
    const { pool, differences, back } = followPool(lately, entry.value, now.at);
    const followed = { ...entry, pool: withCertificates(pool, entry, earlier) };
    addressChanges.set(
      followed,
      differences.map((difference) => ({ subject: entry.subject, ...difference })),
    );
    for (const { address, certificate } of back) {
      if (certificate === undefined) continue;
      const recalled = certificateEntry(entry, address, certificate);
      if (!earlier.has(keyOf(recalled))) earlier.set(keyOf(recalled), recalled);
    }
    return followed;
  });
  return {
    seen: carry([...earlier.values()], seen),
    changes: seen.flatMap((entry) => addressChanges.get(entry) ?? changesOf(earlier.get(keyOf(entry)), entry)),
  };
}

function isAddresses(entry: Entry): entry is AddressesEntry {
  return entry.kind === "a" || entry.kind === "aaaa";
}

/** With the certificates that were last seen at the addresses that are away: `carry` forgets them. */
function withCertificates(pool: AddressPool, entry: AddressesEntry, earlier: ReadonlyMap<string, Entry>): AddressPool {
  const addresses = pool.addresses.map((one) => {
    if (entry.value.includes(one.address)) return one;
    const last = earlier.get(keyOf(certificateEntry(entry, one.address, null)));
    return last?.kind === "certificate" ? { ...one, certificate: last.value } : one;
  });
  return { ...pool, addresses };
}

function certificateEntry({ subject: host }: AddressesEntry, address: string, value: SeenCertificate | null) {
  return { kind: "certificate", subject: `${host} [${address}]`, host, address, value } satisfies Entry;
}
