import { readdirSync, readFileSync } from "node:fs";
import type { Installation } from "#tests/system/installation.ts";
import type { Figure } from "./figures.ts";

const TARGETS = { web: 300, worker: 200, postgres: 150 };

/** Memory of each role: pages shared by processes are split among them (PSS, proc(5)), PostgreSQL's are added up. */
export function memoryFigures(installation: Installation, when: string): Figure[] {
  const pids = installation.pids();
  return (["web", "worker", "postgres"] as const).map((role) => ({
    name: `memory of ${role === "postgres" ? "PostgreSQL" : role}, ${when}`,
    value: family(pids[role] ?? 0).reduce((sum, pid) => sum + proportional(pid), 0),
    unit: "MB",
    target: TARGETS[role],
  }));
}

/** A process and its children. */
function family(parent: number): number[] {
  const children = readdirSync("/proc").filter(
    (name) => /^\d+$/.test(name) && reads(`${name}/stat`).includes(`) S ${parent} `),
  );
  return [parent, ...children.map(Number)];
}

function proportional(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(reads(`${pid}/smaps_rollup`))?.[1] ?? 0) / 1024;
}

function reads(file: string): string {
  try {
    return readFileSync(`/proc/${file}`, "utf8");
  } catch {
    return ""; // it has ended
  }
}
