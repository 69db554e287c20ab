import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { step } from "#lib/cli/progress.ts";
import { run } from "#lib/cli/run.ts";
import type { Identity } from "#tests/lab/authority.ts";
import { freePort } from "#tests/system/installation.ts";

const PROGRAM = "/usr/sbin/dovecot";
/** Mail belongs to nobody: Dovecot reads none as root. */
const NOBODY = 65_534;

/** What opens every mailbox here: a password, and a token that the server asks its issuer about. */
export const PASSWORD = "a-pass&word-of-tests";
export const TOKEN = "good-token";

/** Why there can be no Dovecot here, in a sentence; null when it is there or can be installed. */
export function whyNoDovecot(): string | null {
  const isRoot = process.getuid?.() === 0;
  if (isRoot && (existsSync(PROGRAM) || existsSync("/usr/bin/apt-get"))) return null;
  return "Dovecot is started by root only, and installed from a test on Debian only.";
}

/** An IMAP server of its own on loopback. */
export interface Dovecot {
  /** TLS from the start, and STARTTLS. */
  ports: { tls: number; starttls: number };
  /** Puts a mail into a folder, as a mail server does; the file's name begins with its place in the order. */
  deliver(user: string, mail: Buffer | string, folder?: string): void;
  /** How many mails a folder holds with each set of flags, e.g. `{"": 2, S: 1}`; empty when there is no such folder. */
  flags(user: string, folder?: string): Record<string, number>;
  /** Forgets the numbers of a folder's mails: the next visit finds another UIDVALIDITY. */
  renumber(user: string, folder?: string): void;
  /** Ends its processes as a power failure does, and starts them anew. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts Dovecot, installed where it is missing, with a certificate. */
export async function startDovecot(identity: Identity): Promise<Dovecot> {
  await provide();
  const folder = mkdtempSync(join(tmpdir(), "sealpost-dovecot-"));
  chmodSync(folder, 0o755);
  const mail = join(folder, "mail");
  mkdirSync(mail);
  chownSync(mail, NOBODY, NOBODY);
  const ports = { tls: await freePort(), starttls: await freePort() };
  const issuer = await startIssuer();
  const file = writeConfig(folder, identity, ports, issuer.port);
  let child = await launch(file, ports.tls);
  let delivered = 0;
  const folderOf = (user: string, name = "INBOX") => join(mail, user, "Maildir", name === "INBOX" ? "" : `.${name}`);
  const crash = async () => {
    const gone = once(child, "exit");
    const master = child.pid ?? 0;
    // Held still first: a child that it makes meanwhile would live on, with the ports.
    process.kill(master, "SIGSTOP");
    for (const pid of [...childrenOf(master), master]) process.kill(pid, "SIGKILL");
    await gone;
  };
  return {
    ports,
    deliver(user, bytes, name) {
      const place = folderOf(user, name);
      for (const part of ["cur", "new", "tmp"]) mkdirOwned(mail, join(place, part));
      const unique = `${1_700_000_000 + delivered++}.${randomBytes(6).toString("hex")}.test`;
      const draft = join(place, "tmp", unique);
      writeFileSync(draft, bytes);
      chownSync(draft, NOBODY, NOBODY);
      renameSync(draft, join(place, "new", unique));
    },
    flags(user, name) {
      const found: Record<string, number> = {};
      for (const part of ["cur", "new"]) {
        const place = join(folderOf(user, name), part);
        for (const mailFile of existsSync(place) ? readdirSync(place) : []) {
          const flags = /:2,(\w*)$/.exec(mailFile)?.[1] ?? "";
          found[flags] = (found[flags] ?? 0) + 1;
        }
      }
      return found;
    },
    renumber(user, name) {
      const place = folderOf(user, name);
      for (const entry of readdirSync(place)) if (entry.startsWith("dovecot")) rmSync(join(place, entry));
    },
    async crash() {
      await crash();
      child = await launch(file, ports.tls);
    },
    async stop() {
      await crash();
      await issuer.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function provide(): Promise<void> {
  if (existsSync(PROGRAM) && existsSync("/usr/lib/dovecot/imap")) return;
  await step("Installing dovecot-imapd (apt-get)", async () => {
    await run("apt-get", ["update"]);
    // With this run level the package does not start a server of its own.
    const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
    await run("apt-get", ["install", "-y", "--no-install-recommends", "dovecot-imapd"], env);
  });
}

function writeConfig(folder: string, identity: Identity, ports: Dovecot["ports"], issuer: number): string {
  writeFileSync(join(folder, "cert.pem"), identity.cert);
  writeFileSync(join(folder, "key.pem"), identity.key, { mode: 0o600 });
  const oauth = [
    `introspection_url = http://127.0.0.1:${issuer}/introspect?token=`,
    ...["introspection_mode = get", "active_attribute = active", "active_value = true", "username_attribute = user"],
  ];
  writeFileSync(join(folder, "oauth2.conf"), `${oauth.join("\n")}\n`);
  const lines = [
    ...[`base_dir = ${folder}/run`, `state_dir = ${folder}/state`, `log_path = ${folder}/log`, "protocols = imap"],
    ...["listen = 127.0.0.1", "ssl = required", `ssl_cert = <${folder}/cert.pem`, `ssl_key = <${folder}/key.pem`],
    ...["disable_plaintext_auth = yes", "auth_mechanisms = plain xoauth2 oauthbearer", "auth_failure_delay = 0"],
    ...[`mail_location = maildir:~/Maildir`, "first_valid_uid = 1", "mail_max_userip_connections = 100"],
    ...["mailbox_idle_check_interval = 1s", "maildir_very_dirty_syncs = no", "default_vsz_limit = 1G"],
    ...["passdb {", "driver = static", `args = password=${PASSWORD}`, "mechanisms = plain", "}"],
    ...["passdb {", "driver = oauth2", `args = ${folder}/oauth2.conf`, "mechanisms = xoauth2 oauthbearer", "}"],
    ...["userdb {", "driver = static", `args = uid=${NOBODY} gid=${NOBODY} home=${folder}/mail/%u`, "}"],
    ...["service imap-login {", "chroot =", "inet_listener imap {", `port = ${ports.starttls}`, "}"],
    ...["inet_listener imaps {", `port = ${ports.tls}`, "ssl = yes", "}", "}"],
    ...["service auth {", "chroot =", "}", "service stats {", "chroot =", "}"],
    // A wrong password would make everybody from this address wait.
    ...["service anvil {", "unix_listener anvil-auth-penalty {", "mode = 0", "}", "}"],
  ];
  const file = join(folder, "dovecot.conf");
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

async function launch(file: string, port: number): Promise<ChildProcess> {
  const child = spawn(PROGRAM, ["-F", "-c", file], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (part) => {
    said += part;
  });
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`Dovecot ended at once:\n${said}`);
    if (await accepts(port)) return child;
    await sleep(50);
  }
  child.kill();
  throw new Error(`Dovecot does not listen:\n${said}`);
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

function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1]) === parent;
      } catch {
        return false; // it has ended
      }
    });
}

/** Makes a folder and those above it, each of which belongs to nobody. */
function mkdirOwned(root: string, path: string): void {
  if (existsSync(path)) return;
  mkdirOwned(root, join(path, ".."));
  mkdirSync(path);
  chownSync(path, NOBODY, NOBODY);
}

/** Says of one token that it is good, whoever is named (RFC 7662): the server's own check needs no user names. */
async function startIssuer() {
  const server = createServer((request, response) => {
    const token = new URL(request.url ?? "/", "http://issuer").searchParams.get("token");
    const user = token?.startsWith(`${TOKEN}-`) ? token.slice(TOKEN.length + 1) : null;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(user === null ? { active: false } : { active: true, user }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    stop: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
