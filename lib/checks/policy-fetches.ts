import type { PolicyFetchFact } from "#lib/probes/policy-fact.ts";
import { inTurns } from "#lib/standards/address-order.ts";
import type { Probes } from "./gather.ts";

/** Addresses of the policy host that are each asked for the policy. */
const MAX_ADDRESSES = 8;

/** Fetches the policy from each address of its host, once and side by side, in the order in which a sender tries them. */
export function fetchFromEach(
  probes: Pick<Probes, "fetchPolicy">,
  host: string,
  addresses: readonly string[],
): Promise<PolicyFetchFact>[] {
  return inTurns(addresses)
    .slice(0, MAX_ADDRESSES)
    .map((address) => probes.fetchPolicy(host, address));
}

/**
 * The fetch of a sender, which tries one address after another until one accepts a connection. Those behind that one are
 * not waited for.
 * @param fetches in the order in which a sender tries the addresses
 */
export async function asOneSender(fetches: readonly Promise<PolicyFetchFact>[]): Promise<PolicyFetchFact | null> {
  const tried: PolicyFetchFact[] = [];
  for (const fetching of fetches) {
    const fact = await fetching;
    tried.push(fact);
    if (fact.address !== null) return oneAfterAnother(fact, tried);
  }
  // An address that we would not try says less than one that we tried.
  const told = tried.findLast(({ failure }) => failure?.code !== "address-refused") ?? tried.at(-1);
  return told === undefined ? null : oneAfterAnother(told, tried);
}

/** What was made side by side, as if each address had been tried when the one before it had failed. */
function oneAfterAnother(told: PolicyFetchFact, tried: readonly PolicyFetchFact[]): PolicyFetchFact {
  const milliseconds = tried.reduce((sum, fact) => sum + fact.milliseconds, 0);
  return { ...told, attempts: tried.flatMap(({ attempts }) => attempts), milliseconds };
}
