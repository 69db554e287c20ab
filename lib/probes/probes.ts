import { createResolver, type ProbeOptions } from "./dns.ts";
import type { DnsFact, MxRecord, TxtRecord } from "./dns-fact.ts";
import type { PolicyFetchFact } from "./policy-fact.ts";
import { type FetchOptions, fetchPolicy } from "./policy-fetch.ts";
import type { ProbeSettings } from "./probe-settings.ts";

/** What one lookup may ask the network. */
export interface Probes {
  resolveMx(name: string): Promise<DnsFact<MxRecord>>;
  resolveTxt(name: string): Promise<DnsFact<TxtRecord>>;
  resolveAddresses(name: string): Promise<{ a: DnsFact<string>; aaaa: DnsFact<string> }>;
  fetchPolicy(host: string, addresses: string[]): Promise<PolicyFetchFact>;
}

/**
 * The probes of one lookup. Make them anew for each: they remember every DNS answer.
 * @throws TypeError when a resolver in the settings cannot be read
 */
export function createProbes(settings: ProbeSettings, options: ProbeOptions & FetchOptions = {}): Probes {
  const resolver = createResolver(settings, options);
  return {
    resolveMx: resolver.mx,
    resolveTxt: resolver.txt,
    resolveAddresses: async (name) => {
      const [a, aaaa] = await Promise.all([resolver.a(name), resolver.aaaa(name)]);
      return { a, aaaa };
    },
    fetchPolicy: (host, addresses) => fetchPolicy(host, addresses, settings, options),
  };
}
