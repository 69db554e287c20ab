import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { step } from "#lib/cli/progress.ts";
import { run } from "#lib/cli/run.ts";

/** When signatures begin and end, in days from now. */
const SIGNATURES = {
  good: [-1, 30],
  // unbound lets a signature pass for up to a day after its end (val-sig-skew-max).
  expired: [-30, -10],
  "just-expired": [-30, -0.1],
  ending: [-28, 2],
  "on-demand": [-1, 1],
} as const;

/** A zone for a resolver to find, and how it is signed. */
export interface TestZone {
  /** Without the trailing dot; "" for the root. */
  name: string;
  /** Lines of a zone file, names in full with the trailing dot; SOA, NS and delegations come by themselves. */
  records?: string[];
  /** Signed well unless given; `dropped` has a DS record at its parent and no signatures. */
  signing?: keyof typeof SIGNATURES | "unsigned" | "dropped" | "other-key";
  /** NSEC unless given. */
  denial?: "nsec3" | "none";
}

const FOLDERS = [
  "/usr/sbin",
  "/usr/bin",
  "/usr/local/sbin",
  "/usr/local/bin",
  "/opt/homebrew/sbin",
  "/opt/homebrew/bin",
];
const PROGRAMS = ["unbound", "ldns-keygen", "ldns-signzone"] as const;

/** Why there can be no unbound here, in a sentence; null when it is there or can be installed. */
export function whyNoUnbound(): string | null {
  if (PROGRAMS.every((name) => place(name) !== null) || canInstall()) return null;
  return "unbound and the tools of ldns are not here, and only root on Debian can install them from a test.";
}

/** Installs unbound and the tools to sign zones with, where they are missing. */
export async function provideUnbound(): Promise<void> {
  if (PROGRAMS.every((name) => place(name) !== null)) return;
  await step("Installing unbound and ldnsutils (apt-get)", async () => {
    await run("apt-get", ["update"]);
    // With this run level the package does not start a resolver of its own.
    const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
    await run("apt-get", ["install", "-y", "--no-install-recommends", "unbound", "ldnsutils"], env);
  });
}

function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
}

function place(program: string): string | null {
  return FOLDERS.map((folder) => join(folder, program)).find((path) => existsSync(path)) ?? null;
}

function program(name: (typeof PROGRAMS)[number]): string {
  const path = place(name);
  if (path === null) throw new Error(`${name} is missing after its installation.`);
  return path;
}

/** Signed zones in a folder, to be served by any number of resolvers. */
export interface Zones {
  folder: string;
  names: string[];
  remove(): Promise<void>;
}

/** Writes and signs zones. Each is delegated from the closest one above it, with a DS record unless it is unsigned. */
export async function makeZones(zones: readonly TestZone[]): Promise<Zones> {
  const folder = await mkdtemp(join(tmpdir(), "sealpost-zones-"));
  const delegations = new Map<string, string[]>();
  // The deepest first, since a parent holds the DS records of its children.
  for (const zone of zones.toSorted((a, b) => depth(b.name) - depth(a.name))) {
    const origin = `${zone.name}.`;
    const keys = zone.signing === "unsigned" ? null : await makeKey(folder, origin);
    const published = zone.signing === "other-key" ? await makeKey(folder, origin) : keys;
    const ds = published === null ? [] : [(await readFile(`${published}.ds`, "utf8")).trim()];
    const parent = zones
      .map(({ name }) => name)
      .filter((name) => isBelow(zone.name, name))
      .toSorted((a, b) => depth(b) - depth(a))[0];
    if (parent !== undefined) {
      const own = [`${origin} 3600 IN NS ns.servers.test.`, ...ds];
      delegations.set(parent, [...(delegations.get(parent) ?? []), ...own]);
    }
    const soa = `${origin} 3600 IN SOA ns.servers.test. hostmaster.servers.test. 1 3600 600 86400 60`;
    const lines = [
      soa,
      `${origin} 3600 IN NS ns.servers.test.`,
      ...(zone.records ?? []),
      ...(delegations.get(zone.name) ?? []),
    ];
    const plain = join(folder, fileOf(zone.name));
    await writeFile(plain, `${lines.join("\n")}\n`);
    if (keys !== null && zone.signing !== "dropped") await sign(folder, zone, plain, keys);
  }
  return { folder, names: zones.map(({ name }) => name), remove: () => rm(folder, { recursive: true, force: true }) };
}

async function makeKey(folder: string, origin: string): Promise<string> {
  // The tool writes into the folder that it runs in.
  const script = 'cd "$1" && exec "$2" -a ECDSAP256SHA256 -k -r /dev/urandom "$3"';
  const name = await run("sh", ["-c", script, "sh", folder, program("ldns-keygen"), origin]);
  return join(folder, name.trim());
}

async function sign(folder: string, zone: TestZone, plain: string, keys: string): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const { signing = "good" } = zone;
  const period = signing in SIGNATURES ? SIGNATURES[signing as keyof typeof SIGNATURES] : SIGNATURES.good;
  const [from, until] = period.map((days) => Math.floor(now + days * 86_400));
  const kind = zone.denial === "nsec3" ? ["-n", "-t", "0"] : [];
  const signed = join(folder, "signed");
  const times = ["-i", String(from), "-e", String(until)];
  await run(program("ldns-signzone"), [...kind, ...times, "-o", `${zone.name}.`, "-f", signed, plain, keys]);
  const text = await readFile(signed, "utf8");
  const kept = text.split("\n").filter((line) => zone.denial !== "none" || !/\tNSEC\b/.test(line));
  await writeFile(plain, kept.join("\n"));
}

function fileOf(zone: string): string {
  return `${zone || "root"}.zone`;
}

function depth(name: string): number {
  return name === "" ? 0 : name.split(".").length;
}

function isBelow(name: string, parent: string): boolean {
  return name !== parent && (parent === "" || name.endsWith(`.${parent}`));
}

/** A resolver of its own, on loopback. */
export interface RunningUnbound {
  /** "127.0.0.1:port". */
  address: string;
  stop(): Promise<void>;
}

/** Starts unbound over these zones, validating from the key of their root, or not validating at all. */
export async function startUnbound(zones: Zones, { validating }: { validating: boolean }): Promise<RunningUnbound> {
  const port = await freePort();
  const root = (await readFile(join(zones.folder, fileOf("")), "utf8"))
    .split("\n")
    .find((line) => line.includes("\tDNSKEY\t"));
  const file = join(zones.folder, `unbound-${port}.conf`);
  const anchor = validating ? [`  trust-anchor: "${root?.split(";")[0]?.trim().replaceAll("\t", " ")}"`] : [];
  const lines = [
    "server:",
    `  interface: 127.0.0.1@${port}`,
    `  directory: "${zones.folder}"`,
    ...['  chroot: ""', '  username: ""', '  pidfile: ""', '  logfile: ""', "  use-syslog: no", "  do-daemonize: no"],
    ...["  do-ip6: no", "  verbosity: 0", "  num-threads: 1", '  local-zone: "test." nodefault'],
    `  module-config: "${validating ? "validator iterator" : "iterator"}"`,
    ...anchor,
    ...zones.names.flatMap((name) => [
      ...["auth-zone:", `  name: "${name}."`, `  zonefile: "${join(zones.folder, fileOf(name))}"`],
      ...["  for-downstream: no", "  for-upstream: yes", "  fallback-enabled: no"],
    ]),
    ...["remote-control:", "  control-enable: no"],
  ];
  await writeFile(file, `${lines.join("\n")}\n`);
  const child = spawn(program("unbound"), ["-d", "-c", file], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (part) => {
    said += part;
  });
  await untilListening(child, port, () => said);
  return {
    address: `127.0.0.1:${port}`,
    stop: async () => {
      if (child.exitCode !== null) return;
      child.kill();
      await once(child, "exit");
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** unbound listens on TCP as soon as it does on UDP. */
async function untilListening(child: ChildProcess, port: number, said: () => string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`unbound ended at once:\n${said()}`);
    if (await accepts(port)) return;
    await new Promise((go) => setTimeout(go, 50));
  }
  child.kill();
  throw new Error(`unbound does not listen:\n${said()}`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      done(true);
    });
    socket.once("error", () => done(false));
  });
}
