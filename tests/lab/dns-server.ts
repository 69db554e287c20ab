import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Reply } from "./dns-answers.ts";

export interface DnsServer {
  port: number;
  stop(): Promise<void>;
}

/** What to send back to the octets of a query. */
export type Answering = (query: Buffer, transport: "udp" | "tcp") => Reply;

/** Answers by UDP and TCP on the same loopback port: a free one for 0. */
export async function startDnsServer(answering: Answering, wanted: number): Promise<DnsServer> {
  const sockets = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  const later = ({ delay, messages }: Reply, send: (message: Buffer) => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      for (const message of messages) send(message);
    }, delay);
    timers.add(timer);
  };
  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    serveStream(socket, (query) => later(answering(query, "tcp"), (answer) => writeFramed(socket, answer)));
  });
  const udp = await bindBoth(tcp, wanted);
  let open = true;
  udp.on("message", (query, from) => {
    later(answering(query, "udp"), (answer) => open && udp.send(answer, from.port, from.address));
  });
  return {
    port: udp.address().port,
    stop: async () => {
      open = false;
      for (const timer of timers) clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      await Promise.all([new Promise<void>((done) => udp.close(done)), new Promise((done) => tcp.close(done))]);
    },
  };
}

/** A port that is free for one transport may be taken for the other; then the next one is tried. */
async function bindBoth(tcp: Server, wanted: number): Promise<UdpSocket> {
  for (let tries = 0; ; tries++) {
    tcp.listen(wanted, "127.0.0.1");
    await once(tcp, "listening");
    const udp = createSocket("udp4");
    udp.bind((tcp.address() as AddressInfo).port, "127.0.0.1");
    try {
      await once(udp, "listening");
      return udp;
    } catch (error) {
      udp.close();
      await new Promise((done) => tcp.close(done));
      if (wanted !== 0 || tries === 20) throw error;
    }
  }
}

/** RFC 1035 §4.2.2: each message has its length before it, and may come in any number of pieces. */
function serveStream(socket: Socket, onQuery: (query: Buffer) => void): void {
  let waiting: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
    while (waiting.length >= 2 && waiting.length >= 2 + waiting.readUInt16BE(0)) {
      const end = 2 + waiting.readUInt16BE(0);
      onQuery(waiting.subarray(2, end));
      waiting = waiting.subarray(end);
    }
  });
}

function writeFramed(socket: Socket, message: Buffer): void {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  if (!socket.destroyed) socket.write(Buffer.concat([length, message]));
}
