import { createResolver, type ProbeOptions } from "./dns.ts";
import type { DnsFact, MxRecord, TxtRecord } from "./dns-fact.ts";
import type { CaaRecord, SoaRecord, TlsaRecord } from "./dns-rdata.ts";
import { askHttpsDestination, type HttpsDestinationFact } from "./https-destination.ts";
import { reachOutward } from "./outward.ts";
import { askPolicyAgents } from "./policy-agents.ts";
import type { PolicyAgentFact, PolicyFetchFact } from "./policy-fact.ts";
import { type FetchOptions, fetchPolicy } from "./policy-fetch.ts";
import type { ProbeSettings } from "./probe-settings.ts";
import { speakSmtp } from "./smtp.ts";
import type { OutwardFact, SmtpFact } from "./smtp-fact.ts";

/** What one lookup may ask the network. */
export interface Probes {
  resolveMx(name: string): Promise<DnsFact<MxRecord>>;
  resolveTxt(name: string): Promise<DnsFact<TxtRecord>>;
  resolveAddresses(name: string): Promise<{ a: DnsFact<string>; aaaa: DnsFact<string> }>;
  resolveTlsa(name: string): Promise<DnsFact<TlsaRecord>>;
  resolveSoa(name: string): Promise<DnsFact<SoaRecord>>;
  resolveCaa(name: string): Promise<DnsFact<CaaRecord>>;
  /** The policy, from one address of its host. */
  fetchPolicy(host: string, address: string): Promise<PolicyFetchFact>;
  /** The policy under other User-Agents, from an address that answered. */
  askPolicyAgents(host: string, address: string): Promise<PolicyAgentFact[]>;
  /** A web destination of TLS reports, without sending one. */
  askHttpsDestination(url: string, addresses: string[]): Promise<HttpsDestinationFact>;
  /** @param base the TLSA base, where it is another name than the host's own */
  speakSmtp(host: string, address: string, base: string | null): Promise<SmtpFact>;
  /** Whether port 25 of well-known mail hosts can be reached. */
  reachOutward(): Promise<OutwardFact>;
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
    resolveTlsa: (name) => resolver.resolve(name, "TLSA"),
    resolveSoa: (name) => resolver.resolve(name, "SOA"),
    resolveCaa: (name) => resolver.resolve(name, "CAA"),
    fetchPolicy: (host, address) => fetchPolicy(host, address, settings, options),
    askPolicyAgents: (host, address) => askPolicyAgents(host, address, settings, options),
    askHttpsDestination: (url, addresses) => askHttpsDestination(url, addresses, settings, options),
    speakSmtp: (host, address, base) => speakSmtp(host, address, settings, { ...options, base }),
    reachOutward: () => reachOutward(resolver, settings, options),
  };
}
