import { trimBlanks } from "./blanks.ts";
import { isHostName, looksLikeAddress } from "./host-grammar.ts";
import { error, type Problem, warning } from "./problem.ts";

/** A place that TLS reports are sent to: one URI of `rua`. */
export interface ReportDestination {
  uri: string;
  scheme: "mailto" | "https";
  /** Mail address, or the whole URI. */
  target: string;
  /** Mail domain or host, lower-case. */
  domain: string;
}

export type DestinationCode =
  | "tls-rpt-destination-empty"
  | "tls-rpt-destination-size-suffix"
  | "tls-rpt-destination-unencoded"
  | "tls-rpt-destination-no-scheme"
  | "tls-rpt-destination-http"
  | "tls-rpt-destination-scheme"
  | "tls-rpt-destination-invalid"
  | "tls-rpt-destination-mailto-slashes"
  | "tls-rpt-destination-address"
  | "tls-rpt-destination-host"
  | "tls-rpt-destination-semicolon";

/** The URIs of one `rua` value that senders can use, and what is wrong with the others (RFC 8460 §3: T5, T6). */
export function readDestinations(rua: string): {
  destinations: ReportDestination[];
  problems: Problem<DestinationCode>[];
} {
  const destinations: ReportDestination[] = [];
  const problems: Problem<DestinationCode>[] = [];
  for (const item of rua.split(",")) {
    const uri = trimBlanks(item);
    if (uri === "") continue;
    const read = readDestination(uri);
    if ("uri" in read) destinations.push(read);
    else problems.push(read);
  }
  // RFC 8460 §3, tlsrpt-rua: a comma stands between two destinations, never at the end.
  if (rua.split(",").some((item) => trimBlanks(item) === "")) problems.push(warning("tls-rpt-destination-empty", rua));
  return { destinations, problems };
}

/** True for a piece of a record that was meant as one more destination. */
export function looksLikeDestination(text: string): boolean {
  if (text.length > 2000) return false;
  return /^(?:mailto:|https?:)/i.test(text) || /^[^@\s=]+@[^@\s=]+\.[^@\s=]+$/.test(text);
}

function readDestination(uri: string): ReportDestination | Problem<DestinationCode> {
  // RFC 8460 §3 (T6): `!` is percent-encoded, and the size limit of DMARC's rua does not exist here.
  const size = /!\d+[kmgt]?$/i.exec(uri);
  if (size !== null) {
    return error("tls-rpt-destination-size-suffix", uri, { suggestion: uri.slice(0, size.index) });
  }
  if (uri.includes("!")) {
    return error("tls-rpt-destination-unencoded", uri, { suggestion: uri.replaceAll("!", "%21") });
  }
  // RFC 3986 §3.1 (T5): a URI begins with its scheme. A bare address is the commonest slip.
  const scheme = /^[a-z][a-z0-9+.-]*(?=:)/i.exec(uri)?.[0].toLowerCase();
  if (scheme === undefined) {
    const meant = uri.includes("@") ? `mailto:${uri}` : `https://${uri}`;
    return error("tls-rpt-destination-no-scheme", uri, "uri" in readKnown(meant) ? { suggestion: meant } : {});
  }
  if (scheme === "http") {
    return error("tls-rpt-destination-http", uri, { suggestion: uri.replace(/^http/i, "https") });
  }
  if (scheme !== "mailto" && scheme !== "https") return error("tls-rpt-destination-scheme", uri);
  return readKnown(uri);
}

function readKnown(uri: string): ReportDestination | Problem<DestinationCode> {
  // RFC 3986 §2: the characters of a URI, and percent signs only before two hexadecimal digits.
  if (!/^(?:[\w.~:/?#[\]@$&'()*+;=-]|%[0-9a-f]{2})+$/i.test(uri)) return error("tls-rpt-destination-invalid", uri);
  return /^mailto:/i.test(uri) ? readMailto(uri) : readHttps(uri);
}

/** RFC 6068 §2: an addr-spec, perhaps with header fields behind `?`. */
function readMailto(uri: string): ReportDestination | Problem<DestinationCode> {
  const path = uri.slice("mailto:".length).replace(/[?#].*$/, "");
  if (path.startsWith("//")) {
    return error("tls-rpt-destination-mailto-slashes", uri, { suggestion: uri.replace("//", "") });
  }
  const address = percentDecoded(path);
  const at = address?.lastIndexOf("@") ?? -1;
  const local = address?.slice(0, at) ?? "";
  const domain = address?.slice(at + 1).toLowerCase() ?? "";
  // RFC 5321 §4.1.2: dot-string or quoted-string before the @, a domain with at least one dot behind it.
  const isLocal = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$|^"(?:[^"\\]|\\.)*"$/.test(local);
  if (at < 1 || !isLocal || local.length > 64 || !domain.includes(".") || !isHostName(domain)) {
    return error("tls-rpt-destination-address", uri);
  }
  return { uri, scheme: "mailto", target: `${local}@${domain}`, domain };
}

/** RFC 9110 §4.2.2: a host is required. */
function readHttps(uri: string): ReportDestination | Problem<DestinationCode> {
  const authority = /^https:\/\/([^/?#]*)/i.exec(uri)?.[1] ?? "";
  const [, host = "", port = "443"] = /^(?:[^@]*@)?(\[[^\]]*\]|[^:@]*)(?::(\d*))?$/.exec(authority) ?? [];
  const domain = host.toLowerCase().replace(/\.$/, "");
  const isHost = isHostName(domain) || (looksLikeAddress(domain) && /^\[[0-9a-f:.]+\]$|^\d+(?:\.\d+){3}$/.test(domain));
  if (!isHost || Number(port) > 65535) return error("tls-rpt-destination-host", uri);
  return { uri, scheme: "https", target: uri, domain };
}

function percentDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
