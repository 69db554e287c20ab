import { isIP } from "node:net";
import { askOptions, type OptionsAnswer } from "./http-get.ts";
import { askOverTls, connectToOne, timingOf } from "./https-connect.ts";
import { LIMITS } from "./limits.ts";
import type { FetchFailure, PolicyFetchFact, TlsFact } from "./policy-fact.ts";
import type { FetchOptions } from "./policy-fetch.ts";
import type { ProbeSettings } from "./probe-settings.ts";

const USER_AGENT = "Sealpost/0.1 (TLS-RPT destination lookup)";

/** Enough for any answer without a body, and less than a policy may take. */
const TOTAL_MILLISECONDS = 20_000;

/** Why an `https:` destination was not seen to answer. */
export type DestinationFailure =
  | FetchFailure
  /** The URL names a port other than 443, and Sealpost knocks at no others. */
  | "port-not-probed"
  /** No URL with a host. */
  | "url-malformed";

/** A web address that takes TLS reports (RFC 8460 §3, §5.4; T13): as far as it can be seen without sending one. */
export interface HttpsDestinationFact {
  url: string;
  /** Lower case, an IPv6 address without its brackets; "" where the URL cannot be read. */
  host: string;
  /** The address of the connection that `tls` and `answer` describe; null when none was made. */
  address: string | null;
  /** Addresses tried before that, with what happened. */
  attempts: PolicyFetchFact["attempts"];
  tls: TlsFact | null;
  /** What OPTIONS was answered; null when it was not asked, since chain or names are wrong, or not answered. */
  answer: OptionsAnswer | null;
  failure: { code: DestinationFailure; detail: string } | null;
  milliseconds: number;
}

/**
 * The host and the port of a destination, and whether that port may be knocked at (issue 3: no others than 25 and 443).
 * The port of the settings stands in for 443, so that a lab can play one.
 */
function readDestinationUrl(
  text: string,
): { ok: true; host: string; path: string } | { ok: false; host: string; code: DestinationFailure; detail: string } {
  const url = URL.parse(text);
  const host = (url?.hostname ?? "").replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (url?.protocol !== "https:" || host === "") {
    return { ok: false, host: "", code: "url-malformed", detail: "it is no https URL with a host" };
  }
  // The URL parser leaves the port out where it is the one of the scheme.
  if (url.port !== "") {
    const detail = `it names port ${url.port}, and Sealpost connects to port 443 only`;
    return { ok: false, host, code: "port-not-probed", detail };
  }
  return { ok: true, host, path: `${url.pathname}${url.search}` };
}

/**
 * Looks at an `https:` destination of TLS reports: TLS with its certificate, and the answer to OPTIONS. No report is
 * sent, credentials in the URL are not used, and redirects are not followed.
 * @param addresses IP addresses of its host; each is guarded when it is connected to
 * @throws the signal's reason when it is aborted
 */
export async function askHttpsDestination(
  url: string,
  addresses: readonly string[],
  settings: ProbeSettings,
  options: FetchOptions = {},
): Promise<HttpsDestinationFact> {
  const { limits = LIMITS, signal, clock = performance.now.bind(performance) } = options;
  const started = clock();
  const milliseconds = () => Math.round(clock() - started);
  const nothing = { address: null, attempts: [], tls: null, answer: null };
  const read = readDestinationUrl(url);
  const { host } = read;
  if (!read.ok) {
    return { url, host, ...nothing, failure: { code: read.code, detail: read.detail }, milliseconds: milliseconds() };
  }
  const total = Math.min(limits.fetchTotal, TOTAL_MILLISECONDS);
  const timing = timingOf(limits, total, signal);
  const reached = await connectToOne(host, isIP(host) ? [host] : addresses, settings, timing);
  const { address, attempts } = reached;
  if (address === null) {
    return { url, host, ...nothing, attempts, failure: reached.failure, milliseconds: milliseconds() };
  }
  try {
    const seen = await askOverTls(reached.socket, host, settings, timing, (socket) =>
      askOptions(socket, { host, agent: USER_AGENT, path: read.path, timeout: timing.within(total), signal }),
    );
    return { url, host, address, attempts, ...seen, milliseconds: milliseconds() };
  } finally {
    reached.socket.destroy();
  }
}
