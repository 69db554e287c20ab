import type { TlsFact } from "#lib/probes/policy-fact.ts";
import { readStsPolicy } from "#lib/standards/sts-policy.ts";
import { certificateEvidence } from "./certificate.ts";
import { about } from "./finding.ts";
import type { Verdict } from "./verdict.ts";

/** A policy that was fetched from an address. */
export interface Serving {
  address: string;
  /** Octets as latin1 chars. */
  body: string;
  tls: TlsFact;
}

/**
 * Policies and certificates of addresses that each serve one. A domain has one policy (RFC 8461 §3.2); a certificate for
 * each node is usual, and only worth knowing on the day of renewal.
 */
export function comparePolicies(serving: readonly Serving[], host: string): Verdict[] {
  const [first, ...others] = serving;
  if (first === undefined) return [];
  const say = about("mta-sts-fetch", host);
  const verdicts: Verdict[] = [];
  const rewritten = new Set<string>();
  for (const { address, body } of others) {
    if (body === first.body) continue;
    const lines = differingLines(first.body, body);
    if (lines.length === 0) {
      rewritten.add(address);
      continue;
    }
    const evidence = { host, address, other: first.address, lines };
    verdicts.push(about("mta-sts-fetch", `${host} [${address}]`)("sts-fetch-policy-differs", evidence));
  }
  if (rewritten.size > 0)
    verdicts.push(say("sts-fetch-text-differs", { addresses: [...rewritten], other: first.address }));
  const leaves = new Map(
    serving.flatMap(({ tls: { chain } }) => chain.slice(0, 1).map((leaf) => [leaf.fingerprint256, leaf])),
  );
  if (leaves.size > 1) {
    const certificates = [...leaves.values()].map((leaf) => {
      const { issuer, until } = certificateEvidence(leaf, 0);
      return `${leaf.serialNumber} of ${issuer} until ${until}`;
    });
    verdicts.push(say("sts-fetch-certificates-differ", { count: leaves.size, certificates }));
  }
  return verdicts;
}

/** What stands in one of the two policies only, in the form in which senders read it. */
function differingLines(one: string, other: string): string[] {
  const [a, b] = [new Set(linesOf(one)), new Set(linesOf(other))];
  return [...[...a].filter((line) => !b.has(line)), ...[...b].filter((line) => !a.has(line))];
}

/** The fields of a policy that can be used; the lines of a text that is none. */
function linesOf(body: string): string[] {
  const { value } = readStsPolicy(body);
  if (value === null) return body.split(/\r?\n/).filter((line) => line.trim() !== "");
  const { mode, maxAge, mx, extensions } = value;
  const others = extensions.map((extension) => `${extension.name}: ${extension.value}`);
  return [`mode: ${mode}`, `max_age: ${maxAge}`, ...mx.map((pattern) => `mx: ${pattern}`), ...others];
}
