import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { socketFolder } from "./data-folder.ts";
import { oneAtATime } from "./instance-lock.ts";
import { announce, others } from "./presence.ts";
import { say, step } from "./progress.ts";
import { installedProgram, ROOT, run } from "./run.ts";
import { compressStatic } from "./static-files.ts";

const CLIENT_STAMP = join(ROOT, "lib/db/generated/.sources");
const STAMP = ".sources";
/** Who builds, and who uses which build. */
const BUILDERS = socketFolder(join(ROOT, ".next"));
/** Sources that change while they are built are built again, this often. */
const MOST_TRIES = 3;

/** Makes the Prisma client unless it is there for this very schema. */
export async function buildDatabaseClient(): Promise<void> {
  const isThere = () => sameAs(CLIENT_STAMP, hashOf(["prisma/schema.prisma", "package-lock.json"]));
  if (isThere()) return;
  await alone(async () => {
    if (isThere()) return; // another start has done it meanwhile
    const sources = hashOf(["prisma/schema.prisma", "package-lock.json"]);
    await step("Generating the database client", () => run(installedProgram("prisma"), ["generate"]));
    writeFileSync(CLIENT_STAMP, sources);
  });
}

/**
 * Builds the web application unless a build of these very sources is there. A build is not touched while a process runs
 * that asked for it: newer sources go into another folder then.
 * @returns the build's folder below the project's
 */
export async function buildWeb(): Promise<string> {
  await buildDatabaseClient();
  return (await findBuild()) ?? (await alone(async () => (await findBuild()) ?? (await build())));
}

async function build(): Promise<string> {
  const folder = await freeFolder();
  const stamp = join(ROOT, folder, STAMP);
  mkdirSync(join(ROOT, folder), { recursive: true });
  for (let tries = 1; ; tries++) {
    const sources = hashOfWeb();
    await step("Building the web application", () =>
      run(installedProgram("next"), ["build"], { NODE_ENV: "production", NEXT_BUILD_FOLDER: folder }),
    );
    await compressStatic(join(ROOT, folder));
    if (hashOfWeb() === sources) writeFileSync(stamp, sources);
    else if (tries < MOST_TRIES) {
      say("The sources changed meanwhile.");
      continue;
    }
    await use(folder);
    return folder;
  }
}

/** The folder of a build of these very sources, which stays as it is while this process lives; null when there is none. */
async function findBuild(): Promise<string | null> {
  const sources = hashOfWeb();
  for (const folder of buildFolders()) {
    const isBuilt = () => sameAs(join(ROOT, folder, STAMP), sources);
    if (!isBuilt()) continue;
    const release = await use(folder);
    if (isBuilt()) return folder;
    await release(); // another start has begun to build there
  }
  return null;
}

/** A folder whose build nobody uses, without its stamp. It keeps its cache, which saves two thirds of the time. */
async function freeFolder(): Promise<string> {
  const folders = buildFolders();
  for (const folder of [...folders, `.next/${folders.length + 1}`]) {
    const stamp = join(ROOT, folder, STAMP);
    const before = existsSync(stamp) ? readFileSync(stamp, "utf8") : null;
    if (await isUsed(folder)) continue;
    rmSync(stamp, { force: true });
    // Whoever said so before the stamp was gone may have seen it, and counts on the build.
    if (!(await isUsed(folder))) return folder;
    if (before !== null) writeFileSync(stamp, before);
  }
  throw new Error("No folder for the web application's build is free."); // the last one is new: nobody can use it
}

function buildFolders(): string[] {
  const names = existsSync(join(ROOT, ".next")) ? readdirSync(join(ROOT, ".next")) : [];
  return names.filter((name) => /^\d+$/.test(name)).map((name) => `.next/${name}`);
}

async function isUsed(folder: string): Promise<boolean> {
  return (await others(BUILDERS)).some(({ words }) => words === folder || words === "");
}

/** Says that this process needs a build. Where nothing can be written nobody can build either. */
async function use(folder: string): Promise<() => Promise<void>> {
  try {
    return (await announce(BUILDERS, folder)).leave;
  } catch {
    return async () => {};
  }
}

function alone<T>(work: () => Promise<T>): Promise<T> {
  return oneAtATime(join(BUILDERS, "one"), work, () => say("Another command is building; waiting for it ..."));
}

function hashOfWeb(): string {
  return hashOf([
    ...["app", "components", "lib", "prisma", "public"],
    ...["package-lock.json", "next.config.js", "postcss.config.mjs", "proxy.ts", "tsconfig.json"],
    ...["lib/cli/build.ts", "lib/cli/static-files.ts"],
  ]);
}

function sameAs(stamp: string, sources: string): boolean {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === sources;
}

/** Generated code follows from the schema; the command line is not part of the pages. */
const NOT_IN_BUILD = /^lib\/(db\/generated|cli)$/;

/** SHA-256 over names and contents of files and of all in folders. */
function hashOf(paths: string[]): string {
  const hash = createHash("sha256").update(process.version);
  const add = (path: string) => {
    const there = statSync(join(ROOT, path), { throwIfNoEntry: false });
    if (there?.isFile()) hash.update(`\0${path}\0`).update(readFileSync(join(ROOT, path)));
    else if (there && !NOT_IN_BUILD.test(path)) {
      for (const name of readdirSync(join(ROOT, path)).sort()) add(`${path}/${name}`);
    }
  };
  for (const path of paths) add(path);
  return hash.digest("hex");
}
