import { domainToASCII, domainToUnicode } from "node:url";
import { parse as parseSuffix } from "tldts";
import { isLdhLabel, looksLikeAddress } from "./host-grammar.ts";

export type NameRefusal =
  | "empty"
  | "email-address"
  | "url"
  | "port"
  | "ip-address"
  | "numeric-ending"
  | "empty-label"
  | "wildcard"
  | "underscore"
  | "characters"
  | "not-idn"
  | "label-too-long"
  | "name-too-long"
  | "hyphen"
  | "single-label"
  | "public-suffix"
  | "private-suffix";

/** A domain as it is stored (lower-case A-labels, no trailing dot) and shown (Unicode), or why the input is none. */
export type ParsedName =
  | { ok: true; name: string; display: string }
  | { ok: false; code: NameRefusal; sentence: string; suggestion: string | null };

/** Far above any name in any notation; conversion to A-labels takes quadratic time. */
const LONGEST_INPUT = 2000;
const DOTS = /[\u3002\uff0e\uff61]/g; // UTS 46 §2.3: other full stops that separate labels.
const EDGES = /^[\s\u200b\u200e\u200f\u2060]+|[\s\u200b\u200e\u200f\u2060]+$/g;

/** What a person types as a domain: a mail domain, not an address, a URL or a public suffix. */
export function parseDomainName(input: string): ParsedName {
  if (input.length > LONGEST_INPUT) return refuse("name-too-long", "A domain name has at most 253 characters.");
  const text = input.replace(EDGES, "").replace(DOTS, ".");
  if (text === "" || text === ".") return refuse("empty", "Enter a domain name, for example example.org.");
  return refuseOtherKinds(text) ?? parseLabels(text.replace(/\.$/, ""));
}

/** As `parseDomainName`, for a look only: a public suffix can receive mail too, but is nobody's to register. */
export function parseLookupName(input: string): ParsedName {
  const parsed = parseDomainName(input);
  if (parsed.ok || (parsed.code !== "public-suffix" && parsed.code !== "private-suffix")) return parsed;
  const name = normaliseHost(input);
  return { ok: true, name, display: displayName(name) };
}

/** The Unicode form of an A-label name, for reading only; the name itself where it has none. */
export function displayName(name: string): string {
  return name.length > LONGEST_INPUT ? name : domainToUnicode(name) || name;
}

/**
 * One form for the host names of reports, records and the DNS: lower-case A-labels without a trailing dot, underscores
 * allowed. What is no name is left as it was sent, without the blanks around it.
 */
export function normaliseHost(text: string): string {
  const sent = text.trim();
  if (sent.length > LONGEST_INPUT) return sent;
  const dotted = sent.replace(DOTS, ".").replace(/\.$/, "");
  const ascii = isAscii(dotted) ? dotted.toLowerCase() : domainToASCII(dotted);
  const isName = ascii.length <= 253 && ascii.split(".").every((label) => /^[a-z0-9_-]{1,63}$/.test(label));
  // The root name, as the null MX has it (RFC 7505 §3).
  if (sent === ".") return "";
  return isName && (isAscii(dotted) || !looksLikeAddress(ascii)) ? ascii : sent;
}

function refuseOtherKinds(text: string): ParsedName | null {
  if (looksLikeAddress(text)) return refuseAddress(text);
  const scheme = /^[a-z][a-z0-9+.-]*:\/\/|^\/\//i.exec(text);
  if (scheme !== null || (/[/?#\\]/.test(text) && !text.includes("@"))) {
    const host = text.slice(scheme?.[0].length ?? 0).split(/[/?#\\]/, 1)[0] ?? "";
    const bare = host.replace(/^.*@/, "").replace(/:\d*$/, "");
    return refuse("url", "This is a web address. Enter only the domain name.", bare);
  }
  if (text.includes("@")) {
    const domain = text.slice(text.lastIndexOf("@") + 1).replace(/[>?].*$/, "");
    return refuse("email-address", "This is an e-mail address. Use the part after the @.", domain);
  }
  const port = /^(.*):\d{1,5}$/.exec(text);
  if (port !== null) return refuse("port", "Leave out the port: a mail domain has none.", port[1]);
  return null;
}

function parseLabels(text: string): ParsedName {
  const typed = text.split(".");
  if (typed.includes("")) return refuse("empty-label", "Two dots stand together, or a dot stands at the start.");
  if (typed[0] === "*") {
    return refuse("wildcard", "Leave out the *: each domain is looked up by its own name.", text.slice(2));
  }
  if (/^[\w.-]*$/.test(text) && text.includes("_")) {
    return refuse("underscore", "A mail domain has no underscore. Names such as _mta-sts are looked up for you.");
  }
  // domainToASCII() decodes percent signs and cuts at a slash in silence: only ASCII that a name may have goes in.
  const odd = /[\0-,/:-@[-`{-\x7f]/.exec(text);
  if (odd !== null) return refuse("characters", `${spoken(odd[0])} cannot be part of a domain name.`);

  const name = isAscii(text) ? text.toLowerCase() : domainToASCII(text);
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return refuseAddress(name);
  const labels = name.split(".");
  if (name === "" || labels.some(isBrokenALabel)) {
    return refuse("not-idn", "This is not a valid internationalised name (IDNA): please check the spelling.");
  }
  const long = labels.find((label) => label.length > 63);
  if (long !== undefined) {
    return refuse("label-too-long", `Between two dots stand at most 63 characters; here are ${long.length}.`);
  }
  if (name.length > 253) {
    return refuse("name-too-long", `A domain name has at most 253 characters; this one has ${name.length}.`);
  }
  if (labels.some((label) => label.startsWith("-") || label.endsWith("-"))) {
    return refuse("hyphen", "No part of a domain name starts or ends with a hyphen.");
  }
  if (!labels.every(isLdhLabel)) return refuse("characters", "Use letters, digits, hyphens and dots only.");
  if (/^(?:[0-9]+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? "")) {
    return refuse("numeric-ending", "No domain name ends in a number.");
  }
  return refuseSuffix(name, labels.length) ?? { ok: true, name, display: displayName(name) };
}

function refuseSuffix(name: string, labels: number): ParsedName | null {
  if (labels === 1) {
    return refuse(
      "single-label",
      `“${displayName(name)}” is a single word. A mail domain has a dot, as in example.org.`,
    );
  }
  const icann = parseSuffix(name, { allowPrivateDomains: false });
  if (icann.isIcann === true && icann.publicSuffix === name) {
    return refuse(
      "public-suffix",
      `Names are registered below ${displayName(name)}; it is nobody's mail domain itself.`,
    );
  }
  const shared = parseSuffix(name, { allowPrivateDomains: true });
  if (shared.isPrivate === true && shared.publicSuffix === name) {
    return refuse(
      "private-suffix",
      `Below ${displayName(name)} its operator gives names to its customers (private section of the public suffix list). Enter a name below it.`,
    );
  }
  return null;
}

function refuseAddress(text: string): ParsedName {
  return refuse("ip-address", `“${clip(text)}” is an IP address. Policies and reports belong to a domain name.`);
}

/** A refusal; a suggestion is kept when it is a domain name itself. */
function refuse(code: NameRefusal, sentence: string, suggestion?: string): ParsedName {
  const parsed = suggestion === undefined ? null : parseDomainName(suggestion);
  return { ok: false, code, sentence, suggestion: parsed?.ok === true ? parsed.name : null };
}

/** RFC 5891 §4.2.1, §5.4: an A-label decodes, and encodes to itself again. */
function isBrokenALabel(label: string): boolean {
  if (!label.startsWith("xn--")) return false;
  const decoded = domainToUnicode(label);
  return isAscii(decoded) || domainToASCII(decoded) !== label;
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}

function spoken(char: string): string {
  if (/\s/.test(char)) return "A blank";
  const code = char.charCodeAt(0);
  return code < 0x20 || code === 0x7f ? "A control character" : `“${char}”`;
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
