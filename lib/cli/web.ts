import type { Server } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import next from "next";
import { httpsDoor } from "#lib/doors/https-door.ts";
import { whileAnswering } from "#lib/page-status.ts";
import { settings } from "#lib/settings.ts";
import { buildWeb } from "./build.ts";
import { clientAddress, trustedProxies } from "./client-address.ts";
import { say } from "./progress.ts";
import { ROOT } from "./run.ts";
import { staticFiles } from "./static-files.ts";
import { untilTold } from "./until-told.ts";
import { webServer } from "./web-server.ts";

const DRAIN_LIMIT_MS = 10_000;
/** As long as a web process on its way out may hold the port, and a little more. */
const PORT_WAIT_MS = 12_000;
/** Where "localhost" leads, in both families. */
const LOOPBACK = ["127.0.0.1", "::1"];

/**
 * `sealpost web`: serves the pages until it is told to stop; requests under way are finished first.
 * @returns the exit code
 */
export async function web(args: string[]): Promise<number> {
  const { dev = false, build } = parseArgs({
    args,
    options: { dev: { type: "boolean" }, build: { type: "string" } },
  }).values;
  const { host, port, url, secret, databaseUrl } = settings();
  if (databaseUrl === null)
    throw new Error("`sealpost web` needs DATABASE_URL; `sealpost start` brings its own PostgreSQL.");
  if (secret === null)
    throw new Error("`sealpost web` needs SEALPOST_SECRET: the same text, 32 characters or more, on each machine.");
  process.env.NEXTAUTH_URL ??= url;
  let hasAnswered: ReturnType<typeof staticFiles> = () => false;
  if (!dev) {
    const folder = build ?? (await buildWeb());
    process.env.NEXT_BUILD_FOLDER = folder; // for next.config.js
    hasAnswered = staticFiles(join(ROOT, folder));
  }
  const app = next({ dev, dir: ROOT, hostname: host, port });
  await app.prepare();
  const handle = app.getRequestHandler();
  const proxies = trustedProxies(settings().trustedProxies);
  const door = httpsDoor({ clientAddress: (request) => clientAddress(request, proxies) });
  let stopping = false;
  const servers = (host === "localhost" ? LOOPBACK : [host]).map(() => {
    const server = webServer({
      takes: (request, response, expectsContinue) =>
        (!expectsContinue && hasAnswered(request, response)) || door(request, response, expectsContinue),
      handle(request, response) {
        request.headers["x-sealpost-client"] = clientAddress(request, proxies);
        whileAnswering(request, response, () => void handle(request, response));
      },
      isStopping: () => stopping,
      // The development server tells pages of changes through a web socket; nothing else here speaks another protocol.
      mayUpgrade: (request) => dev && (request.url ?? "").startsWith("/_next/"),
    });
    return dev ? server.on("upgrade", app.getUpgradeHandler()) : server;
  });
  try {
    await Promise.all(servers.map((server, index) => listen(server, port, host, index)));
    process.send?.("ready");
    await untilTold();
    stopping = true;
    return 0;
  } finally {
    await Promise.all(servers.map(drain));
    await app.close();
  }
}

/** Takes no more connections, and closes each of the open ones once its request is answered. */
async function drain(server: Server): Promise<void> {
  const closed = new Promise((done) => server.close(done));
  const idle = setInterval(() => server.closeIdleConnections(), 100);
  await Promise.race([closed, sleep(DRAIN_LIMIT_MS, undefined, { ref: false })]);
  clearInterval(idle);
  server.closeAllConnections();
}

/** Listens, and waits a little for a port that a web process on its way out still holds. */
async function listen(server: Server, port: number, host: string, index: number): Promise<void> {
  const began = Date.now();
  for (let told = false; ; ) {
    const error = await new Promise<NodeJS.ErrnoException | null>((done) => {
      const settled = (fault: NodeJS.ErrnoException | null) => {
        server.off("error", settled).off("listening", ready);
        done(fault);
      };
      const ready = () => settled(null);
      server.on("error", settled).on("listening", ready);
      server.listen({ port, host: host === "localhost" ? LOOPBACK[index] : host });
    });
    if (error === null) return;
    // A machine without IPv6 has no ::1.
    if (index > 0 && (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT")) return;
    if (error.code !== "EADDRINUSE") throw new Error(`Cannot listen on HOST=${host} PORT=${port}: ${error.message}`);
    if (Date.now() - began > PORT_WAIT_MS)
      throw new Error(`Port ${port} is in use by another program. Set PORT to a free one.`);
    if (!told && Date.now() - began > 1_000) {
      say(`PORT ${port} is in use; waiting for it ...`);
      told = true;
    }
    await sleep(200);
  }
}
