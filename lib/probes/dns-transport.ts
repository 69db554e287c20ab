import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { connect, isIP, isIPv6 } from "node:net";
import type { DnsFailure } from "./dns-fact.ts";
import { type DnsAnswer, type DnsQuestion, type EdnsUse, encodeQuery, hasId, readAnswer } from "./dns-message.ts";
import { settle } from "./settle.ts";

/** What came of sending one question to one server. */
export type Exchange = { ok: true; answer: DnsAnswer } | { ok: false; failure: DnsFailure; detail: string };

export interface Sending {
  question: DnsQuestion;
  edns: EdnsUse;
  /** Milliseconds. */
  timeout: number;
  signal?: AbortSignal | undefined;
}

/**
 * One question in one datagram, from a socket of its own: a random id and a random source port (RFC 5452 §9.2), and
 * answers from this server only. Whatever does not answer this very question is left lying until the time is up, since
 * it may be forged.
 * @throws the signal's reason when it is aborted
 */
export async function askUdp(
  host: string,
  port: number,
  { question, edns, timeout, signal }: Sending,
): Promise<Exchange> {
  const address = await addressOf(host);
  if (address === null) return { ok: false, failure: "network", detail: `the resolver ${host} has no address` };
  signal?.throwIfAborted();
  const id = randomInt(0x10000);
  const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
  let unreadable = false;
  return await settle<Exchange>({
    timeout,
    signal,
    late: () =>
      unreadable
        ? { ok: false, failure: "malformed", detail: "the resolver's answers could not be read" }
        : { ok: false, failure: "timeout", detail: `no answer within ${timeout} ms` },
    release: () => socket.close(),
    start: (done) => {
      const fail = (error: Error) => done({ ok: false, failure: "network", detail: error.message });
      socket.on("error", fail);
      socket.on("message", (message) => {
        const answer = readAnswer(message, question, id);
        if (answer) done({ ok: true, answer });
        else unreadable ||= hasId(message, id);
      });
      socket.connect(port, address, () => {
        socket.send(encodeQuery(question, id, edns), (error) => error && fail(error));
      });
    },
  });
}

/**
 * One question over TCP (RFC 7766), for answers that do not fit a datagram.
 * @throws the signal's reason when it is aborted
 */
export async function askTcp(
  host: string,
  port: number,
  { question, edns, timeout, signal }: Sending,
): Promise<Exchange> {
  const id = randomInt(0x10000);
  const socket = connect({ host, port });
  const collect = messageCollector();
  return await settle<Exchange>({
    timeout,
    signal,
    late: () => ({ ok: false, failure: "timeout", detail: `no answer over TCP within ${timeout} ms` }),
    release: () => socket.destroy(),
    start: (done) => {
      socket.on("error", (error) => done({ ok: false, failure: "network", detail: error.message }));
      socket.on("close", () => {
        done({
          ok: false,
          failure: "network",
          detail: "the resolver closed the TCP connection without a complete answer",
        });
      });
      socket.on("connect", () => {
        const query = encodeQuery(question, id, edns);
        const length = Buffer.alloc(2);
        length.writeUInt16BE(query.length);
        socket.write(Buffer.concat([length, query])); // RFC 7766 §8: length and message in one write
      });
      socket.on("data", (chunk: Buffer) => {
        const message = collect(chunk);
        if (!message) return;
        const answer = readAnswer(message, question, id);
        if (!answer || answer.truncated) {
          done({ ok: false, failure: "malformed", detail: "the resolver's answer over TCP could not be read" });
        } else done({ ok: true, answer });
      });
    },
  });
}

/**
 * The first message of a TCP stream, however it was cut in pieces (RFC 1035 §4.2.2).
 * @returns a function that takes the next piece and gives the message once it is complete, null before
 */
function messageCollector(): (chunk: Buffer) => Buffer | null {
  let chunks: Buffer[] = [];
  let received = 0;
  let expected = Number.POSITIVE_INFINITY;
  return (chunk) => {
    chunks.push(chunk);
    received += chunk.length;
    if (expected === Number.POSITIVE_INFINITY && received >= 2) {
      chunks = [Buffer.concat(chunks)];
      expected = 2 + (chunks[0]?.readUInt16BE(0) ?? 0);
    }
    return received < expected ? null : Buffer.concat(chunks).subarray(2, expected);
  };
}

/** A resolver is the operator's choice: it may be a name, and its address is not guarded. */
async function addressOf(host: string): Promise<string | null> {
  if (isIP(host) !== 0) return host;
  return await lookup(host).then(
    ({ address }) => address,
    () => null,
  );
}
