import { type IncomingMessage, request } from "node:http";
import type { TLSSocket } from "node:tls";
import { MAX_HEADER_BYTES, MAX_POLICY_BYTES } from "./limits.ts";
import type { FetchFailure, HttpFact } from "./policy-fact.ts";
import { settle } from "./settle.ts";

export const POLICY_PATH = "/.well-known/mta-sts.txt";
const USER_AGENT = "Sealpost/0.1 (MTA-STS policy lookup)";

export type HttpOutcome = { ok: true; http: HttpFact } | { ok: false; failure: FetchFailure; detail: string };

interface Getting {
  host: string;
  /** Milliseconds for the complete answer. */
  timeout: number;
  signal?: AbortSignal | undefined;
}

/**
 * GET of the policy (RFC 8461 §3.3) over a connection that is already secure. Redirects are not followed (M22), nothing
 * is cached (M23), and reading stops at 64 KiB (M29). The caller destroys the socket.
 * @throws the signal's reason when it is aborted
 */
export async function getPolicy(socket: TLSSocket, { host, timeout, signal }: Getting): Promise<HttpOutcome> {
  const asked = request({
    createConnection: () => socket,
    method: "GET",
    path: POLICY_PATH,
    headers: {
      Host: host,
      "User-Agent": USER_AGENT,
      Accept: "text/plain",
      "Accept-Encoding": "identity",
      "Cache-Control": "no-cache",
      Connection: "close",
    },
    maxHeaderSize: MAX_HEADER_BYTES,
    insecureHTTPParser: false,
  });
  const answer = new PolicyAnswer();
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
        response.on("data", (chunk: Buffer) => answer.add(chunk) || done(answer.complete()));
        response.on("end", () => done(answer.complete()));
        response.on("error", (error: NodeJS.ErrnoException) => done(answer.orFailure(failureOf(error), error.message)));
      });
      asked.end();
    },
  });
}

/** The answer as far as it has come. */
class PolicyAnswer {
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
      http: { ...this.#head, body: body.toString("latin1"), tooLarge: this.#size > MAX_POLICY_BYTES },
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
