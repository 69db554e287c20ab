#!/usr/bin/env node
// The only file that has to run on whatever Node (>= 20) the machine brings. It installs the locked packages when they
// are missing or outdated, then runs the TypeScript entry under Node 26: the machine's own when it is new enough, so
// that an operator can bring a patched one, and the packaged one otherwise.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, linkSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(fileURLToPath(import.meta.url), "../../..");
const modules = join(root, "node_modules");
const stamp = join(modules, ".sealpost-installed");
const lockFile = join(root, ".sealpost-install.lock");
const NEEDED_MAJOR = 26;

/**
 * Installs what is missing and runs a TypeScript file of this project; the process ends with that file's exit code.
 * @param {string} script path below the project's root
 * @param {string[]} args
 */
export async function launch(script, args) {
  await install();
  const node = Number(process.versions.node.split(".")[0]) >= NEEDED_MAJOR ? process.execPath : packagedNode();
  const child = spawn(node, ["--disable-warning=DEP0169", join(root, script), ...args], {
    stdio: "inherit",
    env: {
      ...process.env,
      PATH: [join(modules, ".bin"), process.env.PATH].filter(Boolean).join(delimiter),
      NEXT_TELEMETRY_DISABLED: "1",
    },
  });
  // The child decides when it has stopped; a terminal sends SIGINT to the whole group, a service manager only to us.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on("error", (error) => fail(`Node could not be started (${node}): ${error.message}`));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal ?? "SIGTERM"] ?? 0)));
}

async function install() {
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (installed() === wanted) return;
  const release = await lock();
  try {
    if (installed() === wanted) return; // another start has done it meanwhile
    const began = Date.now();
    say("Installing packages (once per version, about half a minute) ...");
    rmSync(stamp, { force: true });
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const run = spawnSync(npm, ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: root,
      // npm's own output goes to standard error: standard output belongs to the command (one JSON object a line, say).
      stdio: ["ignore", 2, 2],
      shell: process.platform === "win32",
    });
    if (run.error) fail(`npm could not be started: ${run.error.message}`);
    if (run.status !== 0) fail("The packages could not be installed: see npm's message above, and try again.");
    writeFileSync(stamp, wanted);
    say(`Packages installed in ${Math.round((Date.now() - began) / 1000)} s.`);
  } finally {
    release();
  }
}

function installed() {
  return existsSync(stamp) ? readFileSync(stamp, "utf8") : "";
}

// Two commands started together must not both run npm in the same folder.
async function lock() {
  const mine = `${lockFile}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  for (let told = false; ; ) {
    try {
      linkSync(mine, lockFile); // atomic: the lock never exists without its owner's pid in it
      rmSync(mine);
      return () => rmSync(lockFile, { force: true });
    } catch (error) {
      if (error?.code !== "EEXIST") fail(`${lockFile} could not be written: ${error?.message}`);
    }
    if (!alive(Number(readIfThere(lockFile)))) rmSync(lockFile, { force: true });
    else if (!told) {
      say("Another command is installing the packages; waiting for it ...");
      told = true;
    }
    await new Promise((done) => setTimeout(done, 300));
  }
}

function readIfThere(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function alive(pid) {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error?.code === "EPERM";
  }
}

function packagedNode() {
  const path = join(modules, ".bin", process.platform === "win32" ? "node.cmd" : "node");
  if (existsSync(path)) return path;
  return fail(
    `Node ${NEEDED_MAJOR} or newer is needed, this is ${process.version}, and none is packaged for ${process.platform}-${process.arch}.`,
  );
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(line) {
  say(line);
  process.exit(1);
}

const [, self = "", script, ...rest] = process.argv;
if (script && realpathSync(self) === realpathSync(fileURLToPath(import.meta.url))) await launch(script, rest);
