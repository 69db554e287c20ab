import { createServer, type IncomingMessage, type Server } from "node:http";
import { BlockList, isIP } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import next from "next";
import { settings } from "#lib/settings.ts";
import { buildWeb } from "./build.ts";
import { ROOT } from "./run.ts";
import { untilTold } from "./until-told.ts";

const PORT_WAIT_MS = 8_000;
const DRAIN_LIMIT_MS = 10_000;
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
  if (!dev) process.env.NEXT_BUILD_FOLDER = build ?? (await buildWeb()); // for next.config.js
  const app = next({ dev, dir: ROOT, hostname: host, port });
  await app.prepare();
  const handle = app.getRequestHandler();
  const proxies = trustedProxies(settings().trustedProxies);
  const servers = (host === "localhost" ? LOOPBACK : [host]).map(() => {
    const server = createServer((request, response) => {
      request.headers["x-sealpost-client"] = clientAddress(request, proxies);
      void handle(request, response);
    });
    return server.on("upgrade", app.getUpgradeHandler());
  });
  await Promise.all(servers.map((server, index) => listen(server, port, host, index)));
  process.send?.("ready");
  await untilTold();
  const drained = Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  for (const server of servers) server.closeIdleConnections();
  await Promise.race([drained, sleep(DRAIN_LIMIT_MS)]);
  for (const server of servers) server.closeAllConnections();
  await app.close();
  return 0;
}

/** Listens, and waits a little for a port that a web process on its way out still holds. */
async function listen(server: Server, port: number, host: string, index: number): Promise<void> {
  const limit = Date.now() + PORT_WAIT_MS;
  for (;;) {
    const error = await new Promise<NodeJS.ErrnoException | null>((done) => {
      server.once("error", done);
      server.listen({ port, host: host === "localhost" ? LOOPBACK[index] : host }, () => {
        server.off("error", done);
        done(null);
      });
    });
    if (error === null) return;
    // A machine without IPv6 has no ::1.
    if (index > 0 && (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT")) return;
    if (error.code !== "EADDRINUSE") throw new Error(`Cannot listen on HOST=${host} PORT=${port}: ${error.message}`);
    if (Date.now() > limit) throw new Error(`Port ${port} is in use by another program. Set PORT to a free one.`);
    await sleep(200);
  }
}

function trustedProxies(ranges: string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", bits] = range.split("/");
    const family = address.includes(":") ? "ipv6" : "ipv4";
    list.addSubnet(address, Number(bits ?? (family === "ipv6" ? 128 : 32)), family);
  }
  return list;
}

/** Who asks: the peer, or what the last trusted proxy says of its own peer. A header from anybody else is not believed. */
function clientAddress(request: IncomingMessage, proxies: BlockList): string {
  const chain = String(request.headers["x-forwarded-for"] ?? "")
    .split(",")
    .map((entry) => entry.trim())
    .filter(Boolean);
  let address = plain(request.socket.remoteAddress ?? "");
  while (chain.length > 0 && isIP(address) !== 0 && proxies.check(address, isIP(address) === 6 ? "ipv6" : "ipv4")) {
    address = plain(chain.pop() ?? "");
  }
  return address;
}

function plain(address: string): string {
  return address.replace(/^::ffff:/, "");
}
