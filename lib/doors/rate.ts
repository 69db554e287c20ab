import { MAX_RATE_KEYS, type Rate } from "./limits.ts";

interface Bucket {
  left: number;
  at: number;
}

/**
 * Counts what comes under each key, in this process: a bucket of `burst`, filled up again by `perSecond`.
 * @returns a function that gives 0 when one more is allowed, or else the seconds to wait
 */
export function rateLimit({ burst, perSecond }: Rate): (key: string, now: number) => number {
  const buckets = new Map<string, Bucket>();
  return (key, now) => {
    const bucket = buckets.get(key);
    const left = bucket === undefined ? burst : Math.min(burst, bucket.left + ((now - bucket.at) / 1000) * perSecond);
    if (left < 1) return Math.ceil((1 - left) / perSecond);
    // Set anew, so that the key that was quiet the longest is the first: it is full again long before it is forgotten.
    buckets.delete(key);
    buckets.set(key, { left: left - 1, at: now });
    if (buckets.size > MAX_RATE_KEYS) buckets.delete(buckets.keys().next().value ?? key);
    return 0;
  };
}
