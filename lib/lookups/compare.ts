import type { MxRecord } from "#lib/probes/dns-fact.ts";
import { policyHost } from "#lib/standards/record-names.ts";
import type { Seen, SeenCertificate, SeenEntry, SeenKind, SeenPolicy, SeenValues } from "./compare-seen.ts";

export type ChangeKind =
  | "mx-added"
  | "mx-removed"
  | "mx-preference"
  | "address-added"
  | "address-removed"
  | "addresses-rotate"
  | "certificate"
  | "tlsa-added"
  | "tlsa-removed"
  | "sts-id"
  | "policy-added"
  | "policy-removed"
  | "policy-mode"
  | "policy-max-age"
  | "policy-mx-added"
  | "policy-mx-removed"
  | "tls-rpt-record"
  | "dnssec"
  | "worst";

export type ChangeValue = string | number | SeenCertificate | SeenPolicy | null;

/** A difference between two lookups. */
export interface Change {
  kind: ChangeKind;
  /** The domain, a host, "host [address]", or the name of a TLSA record. */
  subject: string;
  before: ChangeValue;
  after: ChangeValue;
}

export type Difference = Omit<Change, "subject">;

/** What changed between two lookups; what either of them has not seen is no change, and neither is another order. */
export function compare(before: Seen, after: Seen): Change[] {
  const known = new Map(before.map((entry) => [keyOf(entry), entry]));
  return after.flatMap((entry) => changesOf(known.get(keyOf(entry)), entry));
}

/**
 * What was last seen of everything: by this lookup or, where it could not look, by those before it. What belongs to a host
 * or an address that is gone is forgotten.
 */
export function carry(before: Seen, now: Seen): Seen {
  const seenNow = new Set(now.map(keyOf));
  const mx = now.find((entry) => entry.kind === "mx");
  const hosts = mx && [...mx.value.map(({ exchange }) => exchange), policyHost(mx.subject)];
  const left = before.filter((entry) => {
    const { host, address } = entry;
    if (seenNow.has(keyOf(entry))) return false;
    if (host !== null && hosts && !hosts.includes(host)) return false;
    return host === null || address === null || !isGone(now, host, address);
  });
  return [...now, ...left];
}

/** What two entries with the same key have in common. */
export function keyOf({ kind, subject }: SeenEntry): string {
  return `${kind} ${subject}`;
}

function isGone(now: Seen, host: string, address: string): boolean {
  const family = address.includes(":") ? "aaaa" : "a";
  const addresses = now.find((entry) => entry.kind === family && entry.subject === host);
  return addresses !== undefined && !(addresses as SeenEntry<"a" | "aaaa">).value.includes(address);
}

/** How two values of each kind differ. */
const DIFFERENCES: { [Kind in SeenKind]: (before: SeenValues[Kind], after: SeenValues[Kind]) => Difference[] } = {
  mx: mailHosts,
  a: addressDifferences,
  aaaa: addressDifferences,
  certificate: (before, after) =>
    before?.fingerprint === after?.fingerprint ? [] : [{ kind: "certificate", before, after }],
  tlsa: (before, after) => [
    ...missing(after, before).map((text): Difference => ({ kind: "tlsa-removed", before: text, after: null })),
    ...missing(before, after).map((text): Difference => ({ kind: "tlsa-added", before: null, after: text })),
  ],
  "sts-id": (before, after) => plain("sts-id", before, after),
  policy: policies,
  "tls-rpt-record": (before, after) => plain("tls-rpt-record", before, after),
  dnssec: (before, after) => plain("dnssec", before, after),
  worst: (before, after) => plain("worst", before, after),
};

/** What changed of one thing; nothing where it was not seen before. */
export function changesOf<Kind extends SeenKind>(before: SeenEntry | undefined, after: SeenEntry<Kind>): Change[] {
  if (before === undefined) return [];
  // The same key is the same kind.
  const found = DIFFERENCES[after.kind](before.value as SeenValues[Kind], after.value);
  return found.map((difference) => ({ subject: after.subject, ...difference }));
}

function mailHosts(before: readonly MxRecord[], after: readonly MxRecord[]): (Difference & { subject: string })[] {
  const preferenceIn = (records: readonly MxRecord[], subject: string) =>
    records.find(({ exchange }) => exchange === subject)?.preference ?? null;
  return [...new Set([...before, ...after].map(({ exchange }) => exchange))].flatMap((subject) => {
    const [earlier, now] = [preferenceIn(before, subject), preferenceIn(after, subject)];
    const kind = now === null ? "mx-removed" : earlier === null ? "mx-added" : "mx-preference";
    return plain(kind, earlier, now).map((difference) => ({ subject, ...difference }));
  });
}

/** Addresses that are gone, and those that are new. */
export function addressDifferences(before: readonly string[], after: readonly string[]): Difference[] {
  return [
    ...missing(after, before).map((text): Difference => ({ kind: "address-removed", before: text, after: null })),
    ...missing(before, after).map((text): Difference => ({ kind: "address-added", before: null, after: text })),
  ];
}

function policies(before: SeenPolicy | null, after: SeenPolicy | null): Difference[] {
  if (before === null) return after === null ? [] : [{ kind: "policy-added", before, after }];
  if (after === null) return [{ kind: "policy-removed", before, after }];
  return [
    ...plain("policy-mode", before.mode, after.mode),
    ...plain("policy-max-age", before.maxAge, after.maxAge),
    ...missing(after.mx, before.mx).map((mx): Difference => ({ kind: "policy-mx-removed", before: mx, after: null })),
    ...missing(before.mx, after.mx).map((mx): Difference => ({ kind: "policy-mx-added", before: null, after: mx })),
  ];
}

function plain(kind: ChangeKind, before: string | number | null, after: string | number | null): Difference[] {
  return before === after ? [] : [{ kind, before, after }];
}

/** The values of `second` that are not in `first`, each once. */
function missing(first: readonly string[], second: readonly string[]): string[] {
  return [...new Set(second)].filter((value) => !first.includes(value));
}
