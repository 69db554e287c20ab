import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { installedProgram, ROOT } from "#lib/cli/run.ts";

/** A file to be, its text, and what the linter has to say of it. */
type Breach = readonly [path: string, text: string, message: string];

const BREACHES: readonly Breach[] = [
  [
    "lib/standards/x.ts",
    'import { a } from "#lib/probes/dns.ts";\nexport const b = a;\n',
    "lib/standards imports nothing of ours",
  ],
  ["lib/standards/x.ts", 'import { a } from "node:fs";\nexport const b = a;\n', "Pure code"],
  ["lib/standards/x.ts", "export const a = process.env.A;\n", "noProcessEnv"],
  ["lib/standards/x.ts", "export const a = Date.now();\n", "takes the clock"],
  ["lib/failures/x.ts", "export const a = new Date();\n", "takes the clock"],
  ["lib/failures/x.ts", 'import { a } from "#lib/db/client.ts";\nexport const b = a;\n', "lib/failures is pure"],
  ["lib/probes/x.ts", 'import { a } from "#lib/checks/verdict.ts";\nexport const b = a;\n', "lib/probes may import"],
  ["lib/checks/x.ts", 'import { a } from "#lib/db/client.ts";\nexport const b = a;\n', "lib/checks may import"],
  ["lib/checks/x.ts", 'import { a } from "#lib/probes/dns.ts";\nexport const b = a;\n', "only types of lib/probes"],
  ["lib/checks/x.ts", 'export { a } from "#lib/probes/dns.ts";\n', "only types of lib/probes"],
  ["lib/checks/x.ts", 'export const a = await import("#lib/probes/dns.ts");\n', "only types of lib/probes"],
  ["lib/rollout/checklist.ts", 'import { a } from "#lib/db/client.ts";\nexport const b = a;\n', "Pure"],
  [
    "lib/db/x.ts",
    'import { a } from "#lib/standards/report.ts";\nexport const b = a;\n',
    "only types of the pure folders",
  ],
  ["lib/db/x.ts", 'import { a } from "#lib/accounts/roles.ts";\nexport const b = a;\n', "lib/db imports Prisma"],
  ["lib/reports/x.ts", 'import { a } from "pg";\nexport const b = a;\n', "Prisma and SQL live in lib/db"],
  ["lib/accounts/x.ts", 'import { a } from "#lib/cli/run.ts";\nexport const b = a;\n', "A use case may import"],
  ["components/x.tsx", 'import { a } from "#lib/db/teams.ts";\nexport const b = a;\n', "Components draw"],
  ["components/x.tsx", 'import type { A } from "#lib/db/teams.ts";\nexport type B = A;\n', "Components draw"],
  [
    "components/x.tsx",
    'import { a } from "#lib/reports/receive.ts";\nexport const b = a;\n',
    "components may import only types",
  ],
  ["components/x.tsx", 'export const A = () => <img src="a.png" />;\n', "useAltText"],
  ["app/x.ts", 'import { a } from "#lib/probes/dns.ts";\nexport const b = a;\n', "Pages and routes call"],
  ["app/x.ts", 'import { a } from "@prisma/client";\nexport const b = a;\n', "Prisma and SQL live in lib/db"],
  ["app/x.ts", 'import { a } from "../lib/settings.ts";\nexport const b = a;\n', "by its full name"],
  ["lib/reports/x.ts", "export const a = (b: any) => b;\n", "noExplicitAny"],
  ["lib/reports/x.ts", "export const a = (b: string | null) => b!.length;\n", "noNonNullAssertion"],
  ["lib/reports/about.ts", 'import { a as b } from "./round.ts";\n\nexport const a = () => b;\n', "noImportCycles"],
];

const ALLOWED: readonly (readonly [string, string])[] = [
  ["lib/checks/x.ts", 'import type { DnsFact } from "#lib/probes/dns-fact.ts";\n\nexport type A = DnsFact<string>;\n'],
  ["components/x.tsx", 'import { isStatus } from "#lib/checks/verdict.ts";\n\nexport const a = isStatus;\n'],
  ["lib/db/x.ts", 'import type { TlsReport } from "#lib/standards/report.ts";\n\nexport type A = TlsReport;\n'],
];

const report = z.object({
  diagnostics: z.array(
    z.object({ category: z.string(), message: z.string(), location: z.object({ path: z.string() }) }),
  ),
});

const folder = mkdtempSync(join(tmpdir(), "sealpost-house-rules-"));
let diagnostics: z.infer<typeof report>["diagnostics"] = [];

/** Each case gets a name of its own, so that one run of the linter judges them all. */
function placeOf(path: string, index: number, kind: string): string {
  return path.includes("/x.") ? path.replace("/x.", `/${kind}-${index}.`) : path;
}

beforeAll(() => {
  for (const name of ["biome.json", "package.json", ".gitignore", "tests/lint"]) {
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const [index, [path, text]] of BREACHES.entries()) write(placeOf(path, index, "breach"), text);
  for (const [index, [path, text]] of ALLOWED.entries()) write(placeOf(path, index, "allowed"), text);
  write("lib/reports/round.ts", 'export { a } from "./about.ts";\n');
  const args = ["lint", "--reporter=json", "--max-diagnostics=500"];
  const run = spawnSync(installedProgram("biome"), args, { cwd: folder, encoding: "utf8" });
  diagnostics = report.parse(JSON.parse(run.stdout)).diagnostics;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function said(path: string): string {
  const ours = diagnostics.filter((diagnostic) => diagnostic.location.path === path);
  return ours.map(({ category, message }) => `${category}: ${message}`).join("\n");
}

describe("a breach of a house rule is a lint error", () => {
  it.each(BREACHES.map((breach, index) => [...breach, index] as const))("%s: %s", (path, _, message, index) => {
    expect(said(placeOf(path, index, "breach"))).toContain(message);
  });

  it.each(ALLOWED.map((allowed, index) => [...allowed, index] as const))("%s may: %s", (path, _, index) => {
    expect(said(placeOf(path, index, "allowed"))).toBe("");
  });
});
