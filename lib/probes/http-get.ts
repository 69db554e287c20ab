import { type IncomingMessage, request } from "node:http";
import type { Duplex } from "node:stream";
import { MAX_HEADER_BYTES, MAX_POLICY_BYTES } from "./limits.ts";
import type { FetchFailure, HttpFact } from "./policy-fact.ts";
import { settle } from "./settle.ts";

export const POLICY_PATH = "/.well-known/mta-sts.txt";
const USER_AGENT = "Sealpost/0.1 (MTA-STS policy lookup)";

type Outcome<Answer> = { ok: true; answer: Answer } | { ok: false; failure: FetchFailure; detail: string };
export type HttpOutcome = Outcome<HttpFact>;

interface Getting {
  host: string;
  /** The User-Agent header; null for none at all. */
  agent?: string | null;
  /** Milliseconds for the complete answer. */
  timeout: number;
  signal?: AbortSignal | undefined;
}

/**
 * GET of the policy (RFC 8461 §3.3) over a connection that is already secure. Redirects are not followed (M22), nothing
 * is cached (M23), and reading stops at 64 KiB (M29). The caller destroys the socket.
 * @throws the signal's reason when it is aborted
 */
export async function getPolicy(
  socket: Duplex,
  { host, agent = USER_AGENT, timeout, signal }: Getting,
): Promise<HttpOutcome> {
  const headers = { Host: host, ...(agent === null ? {} : { "User-Agent": agent }), Accept: "text/plain" };
  return await exchange(socket, {
    method: "GET",
    path: POLICY_PATH,
    headers,
    isComplete: () => false,
    timeout,
    signal,
  });
}

/** What a web address answers, as far as the headers tell. */
export interface OptionsAnswer {
  status: number;
  location: string | null;
  /** Raw Allow header (RFC 9110 §10.2.1), or null. */
  allow: string | null;
}

interface AskingOptions extends Getting {
  agent: string;
  /** Path and query. */
  path: string;
}

/**
 * OPTIONS, which asks what a web address is for and changes nothing there (RFC 9110 §9.3.7). Only the headers are waited
 * for. The caller destroys the socket.
 * @throws the signal's reason when it is aborted
 */
export async function askOptions(
  socket: Duplex,
  { host, agent, path, timeout, signal }: AskingOptions,
): Promise<Outcome<OptionsAnswer>> {
  let allow: string | null = null;
  const isComplete = (response: IncomingMessage) => {
    allow = response.headers.allow ?? null;
    return true;
  };
  const headers = { Host: host, "User-Agent": agent, Accept: "*/*" };
  const asked = await exchange(socket, { method: "OPTIONS", path, headers, isComplete, timeout, signal });
  if (!asked.ok) return asked;
  const { status, location } = asked.answer;
  return { ok: true, answer: { status, location, allow } };
}

interface PostingForm extends Getting {
  path: string;
  /** application/x-www-form-urlencoded. */
  form: string;
}

/**
 * POST of a form, for JSON. Redirects are not followed, and reading stops at 64 KiB. The caller destroys the socket.
 * @throws the signal's reason when it is aborted
 */
export async function postForm(
  socket: Duplex,
  { host, path, form, timeout, signal }: PostingForm,
): Promise<HttpOutcome> {
  const type = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Content-Length": String(Buffer.byteLength(form)),
  };
  const headers = { Host: host, "User-Agent": "Sealpost/0.1", Accept: "application/json", ...type };
  return await exchange(socket, {
    method: "POST",
    path,
    headers,
    body: form,
    isComplete: () => false,
    timeout,
    signal,
  });
}

interface Exchanging {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
  /** True when the headers of the answer are enough. */
  isComplete: (response: IncomingMessage) => boolean;
  timeout: number;
  signal?: AbortSignal | undefined;
}

async function exchange(
  socket: Duplex,
  { method, path, headers, body, isComplete, timeout, signal }: Exchanging,
): Promise<HttpOutcome> {
  const asked = request({
    createConnection: () => socket,
    method,
    path,
    headers: { ...headers, "Accept-Encoding": "identity", "Cache-Control": "no-cache", Connection: "close" },
    maxHeaderSize: MAX_HEADER_BYTES,
    insecureHTTPParser: false,
  });
  const answer = new HttpAnswer();
  return await settle<HttpOutcome>({
    timeout,
    signal,
    late: () => answer.orFailure("response-timeout", `no complete answer within ${timeout} ms`),
    release: () => asked.destroy(),
    start: (done) => {
      asked.on("error", (error: NodeJS.ErrnoException) => done(answer.orFailure(failureOf(error), error.message)));
      // A host that wants to speak another protocol has answered with something other than 200.
      asked.on("upgrade", (response) => done(answer.begin(response).complete()));
      asked.on("response", (response) => {
        answer.begin(response);
        if (isComplete(response)) return done(answer.complete());
        response.on("data", (chunk: Buffer) => answer.add(chunk) || done(answer.complete()));
        response.on("end", () => done(answer.complete()));
        response.on("error", (error: NodeJS.ErrnoException) => done(answer.orFailure(failureOf(error), error.message)));
      });
      asked.end(body);
    },
  });
}

/** The answer as far as it has come. */
class HttpAnswer {
  #head: {
    status: number;
    location: string | null;
    contentType: string | null;
    contentEncoding: string | null;
  } | null = null;
  #chunks: Buffer[] = [];
  #size = 0;

  begin(response: IncomingMessage): this {
    const { headers, statusCode } = response;
    this.#head = {
      status: statusCode ?? 0,
      location: headers.location ?? null,
      contentType: headers["content-type"] ?? null,
      contentEncoding: headers["content-encoding"] ?? null,
    };
    return this;
  }

  /** Takes octets of the body; false when it is too large and no more are wanted. */
  add(chunk: Buffer): boolean {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    return this.#size <= MAX_POLICY_BYTES;
  }

  complete(): HttpOutcome {
    if (!this.#head) return { ok: false, failure: "response-malformed", detail: "no answer" };
    const body = Buffer.concat(this.#chunks).subarray(0, MAX_POLICY_BYTES + 1);
    return {
      ok: true,
      answer: { ...this.#head, body: body.toString("latin1"), tooLarge: this.#size > MAX_POLICY_BYTES },
    };
  }

  /** Only 200 brings a policy (M21), so of another answer the status is enough. */
  orFailure(failure: FetchFailure, detail: string): HttpOutcome {
    if (this.#head && this.#head.status !== 200) return this.complete();
    return { ok: false, failure, detail: this.#head ? `${detail}, after ${this.#size} octets of the body` : detail };
  }
}

function failureOf(error: NodeJS.ErrnoException): FetchFailure {
  // The parser's word for "the connection ended in the middle".
  if (error.code === "HPE_INVALID_EOF_STATE") return "response-incomplete";
  return error.code?.startsWith("HPE_") ? "response-malformed" : "response-incomplete";
}
