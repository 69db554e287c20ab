import type { LookupClient } from "#lib/lookups/look-up-for.ts";
import { clientAddress, currentUser } from "./session.ts";

/** Who asks for a lookup, as its limits count them. */
export async function lookupClient(): Promise<LookupClient> {
  const [address, user] = await Promise.all([clientAddress(), currentUser()]);
  return { address, userId: user?.userId ?? null };
}
