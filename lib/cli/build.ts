import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { step } from "./progress.ts";
import { installedProgram, ROOT, run } from "./run.ts";

const CLIENT_STAMP = join(ROOT, "lib/db/generated/.sources");
const WEB_STAMP = join(ROOT, ".next/.sources");

/** Makes the Prisma client unless it is there for this very schema. */
export async function buildDatabaseClient(): Promise<void> {
  const sources = hashOf(["prisma/schema.prisma", "package-lock.json"]);
  if (sameAs(CLIENT_STAMP, sources)) return;
  await step("Generating the database client", () => run(installedProgram("prisma"), ["generate"]));
  writeFileSync(CLIENT_STAMP, sources);
}

/** Builds the web application unless a build of these very sources is there. */
export async function buildWeb(): Promise<void> {
  await buildDatabaseClient();
  const sources = hashOf([
    ...["app", "components", "lib", "prisma", "public"],
    ...["package-lock.json", "next.config.js", "postcss.config.mjs", "proxy.ts", "tsconfig.json"],
  ]);
  if (sameAs(WEB_STAMP, sources)) return;
  await step("Building the web application", () =>
    run(installedProgram("next"), ["build"], { NODE_ENV: "production" }),
  );
  writeFileSync(WEB_STAMP, sources);
}

function sameAs(stamp: string, sources: string): boolean {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === sources;
}

/** SHA-256 over names and contents of files and of all in folders; generated code does not count. */
function hashOf(paths: string[]): string {
  const hash = createHash("sha256").update(process.version);
  const add = (path: string) => {
    const there = statSync(join(ROOT, path), { throwIfNoEntry: false });
    if (there?.isFile()) hash.update(`\0${path}\0`).update(readFileSync(join(ROOT, path)));
    else if (there && !path.endsWith("/generated")) {
      for (const name of readdirSync(join(ROOT, path)).sort()) add(`${path}/${name}`);
    }
  };
  for (const path of paths) add(path);
  return hash.digest("hex");
}
