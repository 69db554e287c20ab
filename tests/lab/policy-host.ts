import { gzipSync } from "node:zlib";
import type { CertificateKind } from "./authority.ts";

/** How a policy host behaves, first on the level of TLS. */
export interface PolicyHost {
  certificate?: CertificateKind;
  tls?: "modern" | "1.1-only" | "1.0-and-newer" | "alert" | "hangs" | "closes";
  answer: HttpAnswer;
  /** What differs at loopback addresses other than 127.0.0.1. */
  at?: Record<string, Pick<PolicyHost, "certificate" | "tls"> & { answer?: Partial<HttpAnswer> }>;
  /** Other answers for requests without a User-Agent, with that of Sealpost, and with any other. */
  answerTo?: Partial<Record<Agent, Partial<HttpAnswer>>>;
  /** The certificate for handshakes without SNI, at a loopback address that this host has alone. */
  withoutSni?: { address: string; certificate: CertificateKind };
}

/** Who asks. */
export type Agent = "nobody" | "sealpost" | "others";

/** What it answers over HTTP. */
export interface HttpAnswer {
  status?: number;
  /** Null leaves the header out. */
  contentType?: string | null;
  location?: string;
  /** Octets as latin1 chars. */
  body: string;
  way?: "plain" | "chunked" | "compressed" | "incomplete" | "garbage" | "never" | "slow";
}

/** The host as it is at one address, for one who asks. */
export function hostAt(host: PolicyHost, address: string): PolicyHost {
  const { answer, ...rest } = host.at?.[address] ?? {};
  return { ...host, ...rest, answer: { ...host.answer, ...answer } };
}

/** The answer to a request, by its User-Agent. */
export function answerTo(host: PolicyHost, head: string): HttpAnswer {
  const name = /^user-agent: *(.*)$/im.exec(head)?.[1] ?? "";
  const agent: Agent = name === "" ? "nobody" : name.startsWith("Sealpost") ? "sealpost" : "others";
  return { ...host.answer, ...host.answerTo?.[agent] };
}

const REASONS: Record<number, string> = { 200: "OK", 204: "No Content", 301: "Moved Permanently", 302: "Found" };

/** The octets of an answer; null when there is to be none. */
export function answerOctets(answer: HttpAnswer): Buffer | null {
  const { status = 200, contentType = "text/plain; charset=utf-8", location, way = "plain" } = answer;
  if (way === "never") return null;
  if (way === "garbage") return Buffer.from("220 mail.example ESMTP, this is no web server\r\n", "latin1");
  const text = Buffer.from(answer.body, "latin1");
  const body = way === "compressed" ? gzipSync(text) : text;
  const lines = [`HTTP/1.1 ${status} ${REASONS[status] ?? "Whatever"}`, "Server: lab", "Connection: close"];
  if (contentType !== null && status !== 204) lines.push(`Content-Type: ${contentType}`);
  if (location !== undefined) lines.push(`Location: ${location}`);
  if (way === "compressed") lines.push("Content-Encoding: gzip");
  if (way === "chunked") lines.push("Transfer-Encoding: chunked");
  else if (status !== 204) lines.push(`Content-Length: ${body.length + (way === "incomplete" ? 100 : 0)}`);
  const head = Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
  return Buffer.concat([head, way === "chunked" ? chunked(body) : body]);
}

function chunked(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += 7) {
    const part = body.subarray(at, at + 7);
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n"));
  }
  return Buffer.concat([...parts, Buffer.from("0\r\n\r\n")]);
}
