import { connect, type Socket } from "node:net";
import type { FetchFailure } from "./policy-fact.ts";
import { allowedAddress } from "./public-address.ts";
import { settle } from "./settle.ts";

export interface Connecting {
  /** IP address as text: it is connected to as it is, so there is no second resolution to fool the guard with. */
  address: string;
  port: number;
  /** CIDR ranges allowed beyond the public internet. */
  allow: readonly string[];
  /** Milliseconds. */
  timeout: number;
  signal?: AbortSignal | undefined;
}

export type Connection = { ok: true; socket: Socket } | { ok: false; failure: FetchFailure; detail: string };

/**
 * Opens a TCP connection to an address that passes the guard. The caller destroys the socket.
 * @throws the signal's reason when it is aborted
 */
export async function connectTcp({ address, port, allow, timeout, signal }: Connecting): Promise<Connection> {
  const judged = allowedAddress(address, allow);
  if (!judged.ok) return { ok: false, failure: "address-refused", detail: judged.why };
  signal?.throwIfAborted();
  const socket = connect({ host: address, port });
  let open = false;
  return await settle<Connection>({
    timeout,
    signal,
    late: () => ({ ok: false, failure: "connection-timeout", detail: `no connection within ${timeout} ms` }),
    release: () => {
      if (!open) socket.destroy();
    },
    start: (done) => {
      socket.on("error", (error) => done({ ok: false, failure: failureOf(error), detail: error.message }));
      socket.on("connect", () => {
        open = !socket.destroyed;
        done({ ok: true, socket });
      });
    },
  });
}

function failureOf(error: NodeJS.ErrnoException): FetchFailure {
  if (error.code === "ECONNREFUSED") return "connection-refused";
  if (error.code === "ETIMEDOUT") return "connection-timeout";
  return error.code === "ECONNRESET" ? "connection-reset" : "network-unreachable";
}
