import { closeDatabase, sql } from "#lib/db/client.ts";
import { type Arrival, receive } from "#lib/reports/receive.ts";
import { makeAccount } from "#tests/system/account.ts";
import { cleanUp, start } from "#tests/system/installation.ts";
import { FIXTURES, makeRandom, mutate } from "#tests/unit/reports/mutants.ts";
import { printFigures } from "./figures.ts";

const MUTANTS = 1_000_000;
const AT_ONCE = 1_000;
/** The longest that a batch may take before it counts as hanging. */
const LONGEST_S = 60;

/** Sends a million mutants of all fixtures through receive() into a real database; each has an outcome of its own. */
export async function bench(): Promise<void> {
  const installation = await start();
  try {
    const { domain } = await makeAccount(installation, "example.com");
    const inbox = { domain, teamId: domain.teamId, door: "https" } as const;
    const counts = new Map<string, number>();
    const memory: number[] = [];
    let slowest = 0;
    const began = performance.now();
    for (let done = 0; done < MUTANTS; done += AT_ONCE) {
      const batchBegan = performance.now();
      const outcomes = await receive(mutants(done), inbox, new Date());
      slowest = Math.max(slowest, (performance.now() - batchBegan) / 1_000);
      if (outcomes.length !== AT_ONCE || outcomes.some((one) => one.length === 0))
        throw new Error("One has no outcome.");
      for (const outcome of outcomes.flat()) {
        if ("code" in outcome && outcome.code === "internal") throw new Error(`A fault of ours: ${outcome.reason}`);
        counts.set(outcome.outcome, (counts.get(outcome.outcome) ?? 0) + 1);
      }
      if (done % 100_000 === 0) {
        memory.push(process.memoryUsage.rss() / 1024 / 1024);
        console.log(`${done + AT_ONCE} of ${MUTANTS}: ${[...counts].map((pair) => pair.join(" ")).join(", ")}`);
        await sql("DELETE FROM quarantined WHERE domain_id = $1", [domain.id]); // what it was for is told
      }
    }
    const [row] = await sql<{ count: string }>("SELECT count(*) FROM reports WHERE domain_id = $1", [domain.id]);
    const stored = (counts.get("stored") ?? 0) + (counts.get("revision") ?? 0);
    if (Number(row?.count) !== stored) throw new Error(`${row?.count} reports are there, ${stored} were acknowledged.`);
    printFigures(`${MUTANTS} mutants: ${[...counts].map((pair) => pair.join(" ")).join(", ")}`, [
      { name: "all of them", value: (performance.now() - began) / 1_000, unit: "s" },
      { name: `the slowest ${AT_ONCE}`, value: slowest, unit: "s", target: LONGEST_S },
      { name: "memory after the first thousand", value: memory[0] ?? Number.NaN, unit: "MB" },
      { name: "memory near the end", value: memory.at(-1) ?? Number.NaN, unit: "MB" },
    ]);
  } finally {
    await closeDatabase();
    await installation.stop();
    await cleanUp();
  }
}

function mutants(from: number): Arrival[] {
  return Array.from({ length: AT_ONCE }, (_, index) => {
    const fixture = FIXTURES[(from + index) % FIXTURES.length];
    const bytes = mutate(fixture?.bytes ?? Buffer.alloc(0), makeRandom(from + index + 1));
    return { bytes, fileName: fixture?.name ?? null };
  });
}
