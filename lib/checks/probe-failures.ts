import type { DnsFact, DnsType } from "#lib/probes/dns-fact.ts";
import { policyUrl } from "#lib/standards/record-names.ts";
import type { Probes } from "./gather.ts";

/** Probes that never throw: one that does has not looked. That is a fact too, and never an answer. */
export function withoutThrows(probes: Probes): Probes {
  return {
    resolveMx: (name) => orFailure(name, "MX", () => probes.resolveMx(name)),
    resolveTxt: (name) => orFailure(name, "TXT", () => probes.resolveTxt(name)),
    resolveTlsa: (name) => orFailure(name, "TLSA", () => probes.resolveTlsa(name)),
    resolveSoa: (name) => orFailure(name, "SOA", () => probes.resolveSoa(name)),
    resolveCaa: (name) => orFailure(name, "CAA", () => probes.resolveCaa(name)),
    resolveAddresses: (name) =>
      otherwise(
        () => probes.resolveAddresses(name),
        (cause) => ({ a: failure(name, "A", cause), aaaa: failure(name, "AAAA", cause) }),
      ),
    fetchPolicy: (host, address) =>
      otherwise(
        () => probes.fetchPolicy(host, address),
        (cause) => {
          const nothing = { address: null, attempts: [], tls: null, legacyVersions: null, http: null };
          const url = policyUrl(host.replace(/^mta-sts\./, ""));
          return { url, host, ...nothing, failure: unreachable(cause), milliseconds: 0 };
        },
      ),
    askPolicyAgents: (host, address) =>
      otherwise(
        () => probes.askPolicyAgents(host, address),
        () => [],
      ),
    askHttpsDestination: (url, addresses) =>
      otherwise(
        () => probes.askHttpsDestination(url, addresses),
        (cause) => {
          const nothing = { address: null, attempts: [], tls: null, answer: null };
          return { url, host: "", ...nothing, failure: unreachable(cause), milliseconds: 0 };
        },
      ),
    speakSmtp: (host, address, base) =>
      otherwise(
        () => probes.speakSmtp(host, address, base),
        (cause) => ({
          ...{ host, address, failure: unreachable(cause), greeting: null, keywords: null, starttls: null, tls: null },
          ...{ keywordsInside: null, withoutSni: null, versions: [], injection: null, milliseconds: 0 },
        }),
      ),
    reachOutward: () =>
      otherwise(
        () => probes.reachOutward(),
        () => ({ port25: null, tried: [] }),
      ),
  };
}

function unreachable(cause: unknown) {
  return { code: "network-unreachable", detail: messageOf(cause) } as const;
}

function orFailure<T>(name: string, type: DnsType, ask: () => Promise<DnsFact<T>>): Promise<DnsFact<T>> {
  return otherwise(ask, (cause) => failure(name, type, cause));
}

async function otherwise<T>(ask: () => Promise<T>, instead: (cause: unknown) => T): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    return instead(cause);
  }
}

function failure(name: string, type: DnsType, cause: unknown): DnsFact<never> {
  const result = { ok: false, failure: "network", detail: messageOf(cause) } as const;
  return { name, type, chain: [], authenticated: false, resolver: "", milliseconds: 0, result };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
