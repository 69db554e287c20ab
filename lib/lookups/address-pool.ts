import { addressDifferences, type Difference } from "./compare.ts";
import type { AddressPool, PooledAddress } from "./compare-seen.ts";

const DAY = 86_400_000;
/** An address is known for so long after it was last seen, and a host to rotate after one of its addresses last came back. */
const KNOWN_DAYS = 30;
/** A host that rotates may leave an address out for so long. */
const AWAY_DAYS = 7;
const MOST_KNOWN = 64;

interface Pooled {
  /** The last answer. */
  value: readonly string[];
  pool: AddressPool;
}

interface FollowedPool {
  pool: AddressPool;
  differences: Difference[];
  /** Addresses that were away and are there again, as they were remembered. */
  back: PooledAddress[];
}

/** A host whose addresses were never compared with earlier ones. */
export function newPool(addresses: readonly string[], at: Date): AddressPool {
  const seenAt = at.toISOString();
  return { rotates: null, addresses: addresses.map((address) => ({ address, seenAt, told: "there" })) };
}

/**
 * What is known and what is to be told of a host's addresses once it answers with `value`. Whether they rotate shows when one
 * comes back: from then on a missing one is only away, until it has been so for a week. One that comes back is not told as
 * new; where it had been away for longer than that week, it is told as gone again only once it is known no more.
 */
export function followPool(before: Pooled, value: readonly string[], at: Date): FollowedPool {
  const now = at.toISOString();
  const daysSince = (time: string) => (at.getTime() - Date.parse(time)) / DAY;
  const isLately = (time: string | null) => time !== null && daysSince(time) <= KNOWN_DAYS;
  const isAwayLong = ({ seenAt }: PooledAddress) => daysSince(seenAt) >= AWAY_DAYS;

  const there = new Set(value);
  const earlier = new Map(before.pool.addresses.map((one) => [one.address, one]));
  const known = new Map([...earlier].filter(([, { seenAt }]) => isLately(seenAt)));
  const back = [...known.values()].filter(({ address }) => there.has(address) && !before.value.includes(address));
  const rotated = isLately(before.pool.rotates);
  const rotates = back.length > 0 ? now : rotated ? before.pool.rotates : null;

  const present = [...there].map((address): PooledAddress => {
    const last = known.get(address);
    const isSlow = last?.told === "slow" || (last?.told === "gone" && isAwayLong(last));
    return { address, seenAt: now, told: rotates !== null && isSlow ? "slow" : "there" };
  });
  const away = [...known.values()]
    .filter(({ address }) => !there.has(address))
    .map((last): PooledAddress => {
      const isGone = rotates === null || (last.told === "there" && isAwayLong(last));
      return isGone ? { ...last, told: "gone" } : last;
    })
    // They stand as they went, the last first. What is there is kept, however much was answered: forgotten, it would be
    // told as new the next time.
    .slice(0, Math.max(0, MOST_KNOWN - present.length));
  const addresses = [...present, ...away];

  const staying = new Set(addresses.flatMap(({ told, address }) => (told === "gone" ? [] : [address])));
  const gone = [...earlier.values()].filter(({ told, address }) => told !== "gone" && !staying.has(address));
  // One that was never told as gone is no news either, however long nobody looked.
  const added = [...there].filter(
    (address) => !known.has(address) && (earlier.get(address)?.told ?? "gone") === "gone",
  );
  const differences = addressDifferences(gone.map(addressOf), added);
  if (rotates !== null && !rotated)
    differences.push({ kind: "addresses-rotate", before: null, after: back.map(addressOf).join(", ") });
  return { pool: { rotates, addresses }, differences, back };
}

function addressOf({ address }: PooledAddress): string {
  return address;
}
