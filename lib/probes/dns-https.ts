import { once } from "node:events";
import {
  type ClientHttp2Session,
  connect as connectHttp2,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from "node:http2";
import { request } from "node:https";
import { isIP } from "node:net";
import type { Readable } from "node:stream";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { encodeQuery, readAnswer } from "./dns-message.ts";
import type { Exchange, Sending } from "./dns-transport.ts";
import { MAX_DNS_MESSAGE_BYTES, MAX_HEADER_BYTES } from "./limits.ts";
import { settle } from "./settle.ts";
import { trustedContext } from "./trust.ts";

const MEDIA_TYPE = "application/dns-message";
/** RFC 6838 §4.2: a header may hold any octets, and thousands of them; the name of a type does not. */
const READABLE_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;
const CONNECT_MILLISECONDS = 10_000;
/** An unused connection to a DoH server is closed after this time; it never keeps the process alive. */
const IDLE_MILLISECONDS = 5_000;

interface HttpsAnswer {
  status: number;
  mediaType: string;
  /** Null when it was larger than a DNS message can be. */
  body: Buffer | null;
}

/**
 * One question by POST over HTTPS (RFC 8484), with the server's certificate and name verified. HTTP/2 where the server
 * has it, on one connection for all questions; HTTP/1.1 otherwise.
 * @throws the signal's reason when it is aborted
 */
export async function askHttps(url: string, extraRoots: string | null, sending: Sending): Promise<Exchange> {
  const { question, edns, timeout, signal } = sending;
  const query = encodeQuery(question, 0, edns); // RFC 8484 §4.1: id 0, so that answers can be cached
  const ending = new AbortController();
  return await settle<Exchange>({
    timeout,
    signal,
    late: () => ({ ok: false, failure: "timeout", detail: `no answer over HTTPS within ${timeout} ms` }),
    release: () => ending.abort(),
    start: (done) => {
      post(new URL(url), extraRoots, query, ending.signal).then(
        (answer) => done(judge(answer, sending)),
        (error: Error) =>
          done({ ok: false, failure: "network", detail: `the DoH server could not be asked: ${error.message}` }),
      );
    },
  });
}

function judge({ status, mediaType, body }: HttpsAnswer, { question }: Sending): Exchange {
  // RFC 8484 §4.2.1: any DNS answer, SERVFAIL too, comes with a 2xx status; others are about HTTP.
  if (status < 200 || status > 299) {
    return { ok: false, failure: "network", detail: `the DoH server answered with HTTP status ${status}` };
  }
  if (mediaType !== MEDIA_TYPE) {
    const named = READABLE_TYPE.test(mediaType) ? `the media type "${mediaType}"` : "something else than a DNS message";
    return { ok: false, failure: "malformed", detail: `the DoH server answered with ${named}` };
  }
  const answer = body && readAnswer(body, question, 0);
  if (!answer || answer.truncated) {
    return { ok: false, failure: "malformed", detail: "the DoH server's answer could not be read" };
  }
  return { ok: true, answer };
}

async function post(url: URL, extraRoots: string | null, query: Buffer, signal: AbortSignal): Promise<HttpsAnswer> {
  for (let retried = false; ; retried = true) {
    const session = await sharedSession(url, extraRoots);
    signal.throwIfAborted();
    if (session === null) return await postHttp1(url, extraRoots, query, signal);
    try {
      return await postHttp2(session, url, query, signal);
    } catch (error) {
      // A server may close an idle connection in the moment in which we use it again (RFC 9113 §9.1).
      if (retried || signal.aborted || !session.closed) throw error;
      sessions.delete(keyOf(url, extraRoots));
    }
  }
}

async function postHttp2(
  session: ClientHttp2Session,
  url: URL,
  query: Buffer,
  signal: AbortSignal,
): Promise<HttpsAnswer> {
  const stream = session.request({
    ":method": "POST",
    ":path": url.pathname + url.search,
    "content-type": MEDIA_TYPE,
    "content-length": query.length,
    accept: MEDIA_TYPE,
  });
  const { promise, resolve, reject } = Promise.withResolvers<IncomingHttpHeaders & IncomingHttpStatusHeader>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort);
  stream.on("response", resolve);
  stream.on("error", reject);
  stream.on("close", () => reject(new Error("the connection was closed")));
  try {
    stream.end(query);
    const headers = await promise;
    const body = await readAtMost(stream, MAX_DNS_MESSAGE_BYTES);
    return { status: headers[":status"] ?? 0, mediaType: mediaTypeOf(headers["content-type"]), body };
  } finally {
    signal.removeEventListener("abort", abort);
    stream.destroy();
  }
}

async function postHttp1(
  url: URL,
  extraRoots: string | null,
  query: Buffer,
  signal: AbortSignal,
): Promise<HttpsAnswer> {
  const asked = request(url, {
    method: "POST",
    headers: { "Content-Type": MEDIA_TYPE, Accept: MEDIA_TYPE, "Content-Length": query.length, Connection: "close" },
    maxHeaderSize: MAX_HEADER_BYTES,
    signal,
    createConnection: () => openTls(url, extraRoots, ["http/1.1"]),
  });
  try {
    const response = once(asked, "response");
    asked.end(query);
    const [answer] = await response;
    const body = await readAtMost(answer, MAX_DNS_MESSAGE_BYTES);
    return { status: answer.statusCode, mediaType: mediaTypeOf(answer.headers["content-type"]), body };
  } finally {
    asked.on("error", () => {});
    asked.destroy();
  }
}

const sessions = new Map<string, Promise<ClientHttp2Session | null>>();

/** The one HTTP/2 connection to this server; null when it speaks HTTP/1.1 only. */
async function sharedSession(url: URL, extraRoots: string | null): Promise<ClientHttp2Session | null> {
  const key = keyOf(url, extraRoots);
  const known = sessions.get(key);
  if (known !== undefined) return await known;
  const opening = openSession(url, extraRoots);
  sessions.set(key, opening);
  const forget = () => {
    if (sessions.get(key) === opening) sessions.delete(key);
  };
  opening.then((session) => session?.once("close", forget).once("goaway", forget), forget);
  return await opening;
}

function keyOf(url: URL, extraRoots: string | null): string {
  return `${url.origin}\n${extraRoots ?? ""}`;
}

async function openSession(url: URL, extraRoots: string | null): Promise<ClientHttp2Session | null> {
  const socket = openTls(url, extraRoots, ["h2", "http/1.1"]);
  try {
    await once(socket, "secureConnect", { signal: AbortSignal.timeout(CONNECT_MILLISECONDS) });
  } catch (error) {
    socket.on("error", () => {});
    socket.destroy();
    throw error;
  }
  if (socket.alpnProtocol !== "h2") {
    socket.destroy();
    return null;
  }
  const session = connectHttp2(url, { createConnection: () => socket });
  session.on("error", () => {}); // each stream reports it to its own question
  session.setTimeout(IDLE_MILLISECONDS, () => session.close());
  session.unref();
  return session;
}

function openTls(url: URL, extraRoots: string | null, protocols: string[]): TLSSocket {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return connectTls({
    host,
    port: Number(url.port || 443),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    secureContext: trustedContext(extraRoots),
    ALPNProtocols: protocols,
  });
}

async function readAtMost(stream: Readable, limit: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) return null;
  }
  return Buffer.concat(chunks);
}

function mediaTypeOf(header: string | undefined): string {
  return (header ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}
