import { readdirSync, readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Installation } from "#tests/system/installation.ts";
import type { Figure } from "./figures.ts";

const MEGABYTE = 1024 * 1024;
const TARGETS = { web: 300, worker: 200, postgres: 150 };

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** Of this process: resident memory as it is, and what of the heap is in use once all garbage is collected. */
export function ownMemory(when: string): Figure[] {
  const resident = process.memoryUsage.rss();
  collectGarbage();
  const { heapUsed } = process.memoryUsage();
  return [
    { name: `resident memory ${when}`, value: resident / MEGABYTE, unit: "MB" },
    { name: `heap in use ${when}`, value: heapUsed / MEGABYTE, unit: "MB" },
  ];
}

/** Memory of each role: pages shared by processes are split among them (PSS, proc(5)), PostgreSQL's are added up. */
export function memoryFigures(installation: Installation): Figure[] {
  const pids = installation.pids();
  return (["web", "worker", "postgres"] as const).map((role) => ({
    name: `memory of ${role === "postgres" ? "PostgreSQL" : role}`,
    value: family(pids[role] ?? 0).reduce((sum, pid) => sum + proportional(pid), 0),
    unit: "MB",
    target: TARGETS[role],
  }));
}

/** The same figures with the moment in their names. */
export function labelled(figures: readonly Figure[], when: string): Figure[] {
  return figures.map((figure) => ({ ...figure, name: `${figure.name}, ${when}` }));
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
