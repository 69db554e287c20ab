import type { KeyLookup } from "./dkim-keys.ts";
import { MAX_BATCH_KEYS, MAX_FILE_KEYS } from "./limits.ts";

/** The code of a key that is not looked up now, since so many others were. */
export const TOO_MANY_KEYS = "ETOOMANYKEYS";

/**
 * For what is read together: gives each file its own way of looking keys up. A stranger's file may name any number of keys,
 * each in the DNS of somebody else (RFC 8460 §7, P25); what goes past the quota counts as not looked at. A name is asked for
 * once.
 */
export function keyQuota(lookUpKey: KeyLookup): () => KeyLookup {
  const asked = new Map<string, Promise<string[][]>>();
  return () => {
    const names = new Set<string>();
    return async (name, type) => {
      const key = name.toLowerCase();
      const known = asked.get(key);
      const isOver = (!names.has(key) && names.size >= MAX_FILE_KEYS) || (!known && asked.size >= MAX_BATCH_KEYS);
      if (isOver) throw Object.assign(new Error("too many keys at once"), { code: TOO_MANY_KEYS });
      names.add(key);
      const answer = known ?? lookUpKey(name, type);
      asked.set(key, answer);
      return answer;
    };
  };
}
