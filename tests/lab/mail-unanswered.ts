import { once } from "node:events";
import { connect } from "node:net";
import { Worker } from "node:worker_threads";

// Listens, and never wakes again: the system itself takes two connections, and then lets every SYN go by.
const SLEEPER = `
const { createServer } = require("node:net");
const { parentPort, workerData } = require("node:worker_threads");
const server = createServer().listen({ ...workerData, backlog: 1 }, () => {
  parentPort.postMessage("listening");
  setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
});
server.on("error", (error) => { throw error; });
`;

/** A port at which connections are not answered, as behind a firewall that drops them. */
export async function startUnanswered(host: string, port: number): Promise<{ stop(): Promise<void> }> {
  const worker = new Worker(SLEEPER, { eval: true, workerData: { host, port } });
  await once(worker, "message");
  const waiting = Array.from({ length: 3 }, () => connect(port, host).on("error", () => {}));
  await Promise.all(waiting.slice(0, 2).map((socket) => once(socket, "connect")));
  return {
    stop: async () => {
      for (const socket of waiting) socket.destroy();
      await worker.terminate();
    },
  };
}
