import { clip, visible } from "#lib/checks/words.ts";
import type { LedgerEntry } from "#lib/db/policy-ledger.ts";
import { textOfOctets } from "#lib/standards/octets.ts";
import type { ChangeValue } from "./compare.ts";

type Value = NonNullable<ChangeValue>;

const LONGEST = 300;
const LONGEST_POLICY = 10_000;
const MOST_HOSTS = 4;
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

const SECURITY: Record<string, string> = {
  secure: "secure: signed, and the signatures are right",
  insecure: "insecure: not signed",
  bogus: "bogus: signed, and the signatures are wrong",
};

const STATUS: Record<string, string> = {
  pass: "Pass",
  info: "Note",
  skipped: "Not tested",
  warn: "Needs attention",
  fail: "Problem",
};

/** What DNSSEC says of an answer. */
export function securityWords(value: Value): string {
  return SECURITY[String(value)] ?? plainValue(value);
}

/** The word under which a status is shown. */
export function statusWords(value: Value): string {
  return STATUS[String(value)] ?? plainValue(value);
}

/** A value as it stands. */
export function plainValue(value: Value): string {
  return code(typeof value === "object" ? JSON.stringify(value) : String(value));
}

/** "issued by `CN=R3`, valid until 21 Jan 2027". */
export function certificateWords(value: Value): string {
  if (typeof value !== "object" || !("issuer" in value)) return plainValue(value);
  const { issuer, notAfter } = value;
  const end = new Date(notAfter);
  const until = Number.isNaN(end.getTime()) ? code(notAfter) : DAY.format(end);
  return `issued by ${code(issuer)}, valid until ${until}`;
}

/** "mode `testing`, max_age `604800` (7 days), `mx1.example.org`". */
export function policyWords(value: Value): string {
  if (typeof value !== "object" || !("mode" in value)) return plainValue(value);
  const { mode, maxAge, mx } = value;
  const hosts = mx.length === 0 ? "no host" : mx.slice(0, MOST_HOSTS).map(code).join(", ");
  const more = mx.length > MOST_HOSTS ? ` and ${mx.length - MOST_HOSTS} more` : "";
  return `mode ${code(mode)}, max_age ${secondsWords(maxAge)}, ${hosts}${more}`;
}

/** "`604800` (7 days)". */
export function secondsWords(value: Value): string {
  const days = Number(value) / 86_400;
  const rounded = days >= 10 ? Math.round(days) : Math.round(days * 10) / 10;
  return `${code(String(value))} (${rounded === 1 ? "1 day" : `${rounded} days`})`;
}

/** Text from the network, as code. */
export function code(text: string): string {
  return `\`${clip(visible(text), LONGEST)}\``;
}

/** A version of the policy as people read it. */
export function wordsOfPolicy({ id, body, hash, mode, maxAge, firstSeen, lastSeen }: LedgerEntry) {
  const lines = textOfOctets(body).text.split(/\r?\n/);
  return {
    ...{ id, hash, mode, firstSeen, lastSeen },
    maxAge: secondsWords(maxAge).replaceAll("`", ""),
    text: clip(lines.map(visible).join("\n"), LONGEST_POLICY),
    runsOut: new Date(lastSeen.getTime() + maxAge * 1000),
  };
}
