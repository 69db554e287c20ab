import type { DnsFact, DnsFailure, MxRecord } from "#lib/probes/dns-fact.ts";
import type { AddressFacts } from "./gather.ts";

/** A question to which the DNS gave no answer, so that nothing can be said. */
export type Unanswered = Exclude<DnsFailure, "no-such-name" | "no-data" | "chain-loop">;

/** What a DNS fact says: records, none, a CNAME loop (an answer, and a fault), or that we could not look. */
export type Answer<T> =
  | { kind: "records"; records: T[]; ttl: number }
  | { kind: "absent"; nameExists: boolean }
  | { kind: "loop" }
  | { kind: "unanswered"; failure: Unanswered };

export function answerOf<T>(fact: DnsFact<T>): Answer<T> {
  const { result } = fact;
  if (result.ok) {
    const { records, ttl } = result;
    return records.length > 0 ? { kind: "records", records, ttl } : { kind: "absent", nameExists: true };
  }
  if (result.failure === "no-such-name") return { kind: "absent", nameExists: false };
  if (result.failure === "no-data") return { kind: "absent", nameExists: true };
  return result.failure === "chain-loop" ? { kind: "loop" } : { kind: "unanswered", failure: result.failure };
}

/** Both address families of a host, seen together. */
export function addressesOf(facts: AddressFacts): {
  addresses: string[];
  unanswered: DnsFact<string>[];
  loop: DnsFact<string> | null;
} {
  const both = [facts.a, facts.aaaa];
  return {
    addresses: both.flatMap((fact) => (fact.result.ok ? fact.result.records : [])),
    unanswered: both.filter((fact) => answerOf(fact).kind === "unanswered"),
    loop: both.find((fact) => answerOf(fact).kind === "loop") ?? null,
  };
}

/** Where the mail of a domain goes (RFC 5321 §5.1, RFC 7505), as far as the DNS tells. */
export type MailHosts =
  | { kind: "hosts"; hosts: MxRecord[]; nullMxBeside: boolean }
  | { kind: "null-mx" }
  /** No MX, but an address: the domain itself is the host. */
  | { kind: "implicit"; addresses: string[] }
  | { kind: "none"; nameExists: boolean }
  | { kind: "unknown"; fact: DnsFact<unknown> };

export function mailHostsOf(mx: DnsFact<MxRecord>, addresses: AddressFacts | null): MailHosts {
  const answer = answerOf(mx);
  if (answer.kind === "records") {
    // RFC 7505 §3: the null MX is the root name, and stands alone.
    const hosts = inOrder(answer.records.filter((record) => record.exchange !== ""));
    const nullMxBeside = answer.records.some(({ exchange }) => exchange === "") && hosts.length > 0;
    return hosts.length === 0 ? { kind: "null-mx" } : { kind: "hosts", hosts, nullMxBeside };
  }
  if (answer.kind !== "absent") return { kind: "unknown", fact: mx };
  if (addresses === null) return { kind: "none", nameExists: answer.nameExists };
  const found = addressesOf(addresses);
  if (found.addresses.length > 0) return { kind: "implicit", addresses: found.addresses };
  const unseen = found.unanswered[0] ?? found.loop;
  return unseen === null ? { kind: "none", nameExists: true } : { kind: "unknown", fact: unseen };
}

/** Each host once, the most preferred first. */
function inOrder(records: readonly MxRecord[]): MxRecord[] {
  const sorted = records.toSorted(
    (a, b) => a.preference - b.preference || (a.exchange < b.exchange ? -1 : Number(a.exchange > b.exchange)),
  );
  return sorted.filter((record, i) => sorted.findIndex((other) => other.exchange === record.exchange) === i);
}
