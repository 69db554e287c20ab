import type { IncomingMessage } from "node:http";

/** All bytes of a request's body, or why there are none. */
export type Body =
  | { ok: true; bytes: Buffer }
  /** `aborted`: the sender is gone, and nobody is there to be answered. */
  | { ok: false; why: "too-large" | "too-slow" | "no-room" | "aborted" };

/** The bytes that all bodies hold together. */
export interface Room {
  used: number;
  bytes: number;
}

interface BodyLimits {
  most: number;
  ms: number;
  room: Room;
}

/** Reads the body of a request; Content-Length is not believed. What is past a limit is not kept. */
export function readBody(request: IncomingMessage, { most, ms, room }: BodyLimits): Promise<Body> {
  return new Promise((done) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (body: Body) => {
      clearTimeout(timer);
      request.off("data", take).off("end", end).off("close", aborted).off("error", aborted);
      room.used -= size;
      done(body);
    };
    const take = (chunk: Buffer) => {
      size += chunk.length;
      room.used += chunk.length;
      if (size > most) finish({ ok: false, why: "too-large" });
      else if (room.used > room.bytes) finish({ ok: false, why: "no-room" });
      else chunks.push(chunk);
    };
    const end = () => {
      const [only] = chunks;
      finish({ ok: true, bytes: chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, size) });
    };
    const aborted = () => finish({ ok: false, why: "aborted" });
    const timer = setTimeout(() => finish({ ok: false, why: "too-slow" }), ms);
    request.on("data", take).on("end", end).on("close", aborted).on("error", aborted);
  });
}
