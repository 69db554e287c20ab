import { connect, type Socket } from "node:net";
import type { FetchFailure } from "./policy-fact.ts";
import { allowedAddress } from "./public-address.ts";
import { settle } from "./settle.ts";
import { hasWayOut } from "./way-out.ts";

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

/** Why there is no connection. */
export type ConnectFailure = Extract<
  FetchFailure,
  | "address-refused"
  | "connection-refused"
  | "connection-timeout"
  | "connection-reset"
  | "network-unreachable"
  | "no-route-here"
  | "forbidden-here"
>;

export type Connection = { ok: true; socket: Socket } | { ok: false; failure: ConnectFailure; detail: string };

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
    late: () => ({ ok: false, failure: silence(address), detail: `no connection within ${timeout} ms` }),
    release: () => {
      if (!open) socket.destroy();
    },
    start: (done) => {
      socket.on("error", (error) => done({ ok: false, failure: failureOf(error, address), detail: error.message }));
      socket.on("connect", () => {
        open = !socket.destroyed;
        done({ ok: true, socket });
      });
    },
  });
}

function failureOf({ code }: NodeJS.ErrnoException, address: string): ConnectFailure {
  if (code === "ECONNREFUSED" || code === "ECONNRESET") {
    return code === "ECONNREFUSED" ? "connection-refused" : "connection-reset";
  }
  // What a packet filter on this machine says to its own programs.
  if (code === "EPERM" || code === "EACCES") return "forbidden-here";
  if (code === "ETIMEDOUT") return silence(address);
  return hasWayOut(address) ? "network-unreachable" : "no-route-here";
}

/** Silence says nothing of the host where no packet could come back. */
function silence(address: string): ConnectFailure {
  return hasWayOut(address) ? "connection-timeout" : "no-route-here";
}
