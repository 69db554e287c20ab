import type { Facts } from "#lib/checks/gather.ts";
import { visible } from "#lib/checks/words.ts";

/** What the DNS answered to one question, whatever its type. */
export type AnyDnsFact = Omit<Facts["mx"], "result"> & {
  result: { ok: true; records: readonly unknown[]; ttl: number } | { ok: false; failure: string; detail: string };
};

/** An answer as lines of a zone file: one for each record, and comments for all else there is to know. */
export function zoneLines(fact: AnyDnsFact): string[] {
  const { name, type, chain, result, resolver, authenticated, milliseconds } = fact;
  const owner = `${shownText(name)}.`;
  const aliases = chain.map(
    (target, i) => `${i === 0 ? owner : `${shownText(chain[i - 1] ?? "")}.`} CNAME ${shownText(target)}.`,
  );
  const end = chain.length === 0 ? owner : `${shownText(chain.at(-1) ?? "")}.`;
  const records = result.ok
    ? result.records.map((record) => `${end} ${result.ttl} ${type} ${dataOf(type, record)}`)
    : [
        `; ${owner} ${type}: ${FAILURES[result.failure] ?? result.failure}${result.detail === "" ? "" : ` (${shownText(result.detail)})`}`,
      ];
  const empty = result.ok && records.length === 0 ? [`; ${owner} ${type}: no records`] : [];
  const from = resolver === "" ? "" : `, from ${shownText(resolver)} in ${Math.round(milliseconds)} ms`;
  return [
    ...aliases,
    ...records,
    ...empty,
    `; ${authenticated ? "vouched for by DNSSEC (AD)" : "not vouched for by DNSSEC"}${from}`,
  ];
}

const FAILURES: Record<string, string> = {
  "no-such-name": "there is no such name (NXDOMAIN)",
  "no-data": "no such records",
  timeout: "no answer in time",
  servfail: "server failure (SERVFAIL)",
  refused: "refused",
  malformed: "the answer could not be read",
  network: "no way to the DNS",
  "chain-too-long": "too many aliases",
  "chain-loop": "aliases in a circle",
};

/** Text from the network as it is, with each character that cannot be seen written out. */
export function shownText(text: string): string {
  // `visible` has no backticks of its own in the sentences that it is for; here they are text like any other.
  return text.split("`").map(visible).join("`");
}

function dataOf(type: string, record: unknown): string {
  if (typeof record === "string") return type === "A" || type === "AAAA" ? shownText(record) : `${shownText(record)}.`;
  const is = record as Record<string, unknown>;
  switch (type) {
    case "MX":
      return `${is.preference} ${shownText(String(is.exchange))}.`;
    case "TXT":
      return (is.strings as string[]).map(quoted).join(" ");
    case "TLSA":
      return `${is.usage} ${is.selector} ${is.matchingType} ${shownText(String(is.data))}`;
    case "CAA":
      return `${is.critical ? 128 : 0} ${shownText(String(is.tag))} ${quoted(String(is.value))}`;
    case "SOA":
      return `${shownText(String(is.primary))}. ${shownText(String(is.mailbox))}. ${is.serial}`;
    default:
      return shownText(JSON.stringify(record));
  }
}

/** RFC 1035 §5.1: a character-string in quotation marks, with those inside it escaped. */
function quoted(text: string): string {
  return `"${shownText(text.replace(/["\\]/g, "\\$&"))}"`;
}
