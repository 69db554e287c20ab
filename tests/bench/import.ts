import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { importAll, receiveOrExplain } from "#lib/cli/import.ts";
import { sourcesIn } from "#lib/cli/import-sources.ts";
import { migrate } from "#lib/cli/migrate.ts";
import { closeDatabase, sql } from "#lib/db/client.ts";
import { ensureDatabase } from "#lib/db/migrations-applied.ts";
import { makePolicy, makeReport, makeReportFile } from "#prisma/seed.ts";
import { type Account, makeAccount } from "#tests/system/account.ts";
import { cleanUp, start } from "#tests/system/installation.ts";
import { type Figure, printFigures } from "./figures.ts";
import { ownMemory } from "./memory.ts";

const REPORTS = 100_000;
const THOUSAND = 1_000;
const REPORTERS = 40;
/** Times the floor that an import may take: 0.4 of its speed. */
const MOST = 2.5;

/** A folder of reports imported into an empty domain, beside a bare COPY of the rows that this makes. */
export async function bench(): Promise<void> {
  const installation = await start();
  const folder = mkdtempSync(join(tmpdir(), "sealpost-bench-import-"));
  try {
    const account = await makeAccount(installation);
    write(folder);
    const memory: Figure[] = [];
    const began = performance.now();
    const inbox = { domain: account.domain, teamId: account.domain.teamId, door: "command-line" } as const;
    const counts = await importAll(
      sourcesIn([folder]),
      (batch) => receiveOrExplain(batch, inbox),
      (done) => {
        if ([THOUSAND, REPORTS / 10, REPORTS].includes(done)) memory.push(...ownMemory(`after ${done}`));
      },
    );
    const whole = (performance.now() - began) / 1_000;
    if (counts.stored !== REPORTS) throw new Error(`Only ${counts.stored} reports were stored.`);
    const { seconds: floor, rows } = await copyAlone(account, installation.databaseUrl());
    const figures: Figure[] = [
      {
        ...{ name: `${REPORTS} reports`, value: whole, unit: "s", target: Number((MOST * floor).toFixed(2)) },
        floor: { value: floor, of: `COPY of the same ${rows} rows into the same tables` },
      },
      ...memory,
    ];
    printFigures(`Import: ${Math.round(REPORTS / whole)} reports a second`, figures);
  } finally {
    await closeDatabase();
    await installation.stop();
    await cleanUp();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Files as senders name them; a third of the reports has failures. */
function write(folder: string): void {
  for (let number = 0; number < REPORTS; number++) {
    const day = new Date(Date.UTC(2025, 5, 1) + Math.floor(number / REPORTERS) * 86_400_000).toISOString().slice(0, 10);
    const details = Array.from({ length: number % 3 === 0 ? 1 + (number % 7) : 0 }, (_, failure) => ({
      "result-type": failure % 2 === 0 ? "certificate-expired" : "validation-failure",
      "failed-session-count": 1 + failure,
      "sending-mta-ip": `192.0.2.${failure}`,
      "receiving-mx-hostname": `mx${failure % 3}.example.org`,
    }));
    const organization = `Reporter ${number % REPORTERS}`;
    const report = makeReport({ organization, day, policies: [makePolicy({ successes: number, details })] });
    const place = join(folder, `${Math.floor(number / THOUSAND)}`);
    mkdirSync(place, { recursive: true });
    const { fileName, bytes } = makeReportFile(report);
    const file = join(place, fileName.replace(".json.gz", `-${number % REPORTERS}.json.gz`));
    writeFileSync(file, bytes);
  }
}

const TABLES = ["raw_files", "reports", "policy_results", "failures", "day_totals", "failure_totals"];

/** Seconds in which PostgreSQL copies the same rows from its own files into an empty database of the same schema. */
async function copyAlone({ domain }: Account, url: string): Promise<{ seconds: number; rows: number }> {
  const place = mkdtempSync(join(tmpdir(), "sealpost-bench-copy-"));
  chmodSync(place, 0o777); // the server writes as a user of its own
  await ensureDatabase(url, "floor");
  const floorUrl = url.replace("/sealpost?", "/floor?");
  await migrate(floorUrl);
  const client = new Client({ connectionString: floorUrl });
  await client.connect();
  try {
    let rows = 0;
    const dump = async (table: string, where: string) => {
      await sql(`COPY (SELECT * FROM ${table} WHERE ${where}) TO '${place}/${table}'`, []);
    };
    await dump("teams", `id = '${domain.teamId}'`);
    await dump("domains", `id = '${domain.id}'`);
    for (const table of TABLES) await dump(table, `domain_id = '${domain.id}'`);
    for (const table of ["teams", "domains"]) await client.query(`COPY ${table} FROM '${place}/${table}'`);
    const began = performance.now();
    for (const table of TABLES) rows += (await client.query(`COPY ${table} FROM '${place}/${table}'`)).rowCount ?? 0;
    return { seconds: (performance.now() - began) / 1_000, rows };
  } finally {
    await client.end();
    rmSync(place, { recursive: true, force: true });
  }
}
