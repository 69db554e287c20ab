// `npm run bench -- <name>`: measures the product against its targets, each figure beside a floor of the same run.
import { spawnSync } from "node:child_process";

const BENCHES: Record<string, { about: string; load: () => Promise<{ bench: () => Promise<void> }> }> = {
  parse: { about: "reading a report, beside gunzip and JSON.parse", load: () => import("./parse.ts") },
  http: { about: "reports through the HTTPS door, beside a bare server", load: () => import("./http.ts") },
  page: { about: "a domain page over 3,000 reports; weight of scripts; memory", load: () => import("./page.ts") },
  lookup: { about: "one lookup of many hosts far away; 3,000 domains, and memory", load: () => import("./lookup.ts") },
  overview: { about: "a team's overview at 1,000 domains", load: () => import("./overview.ts") },
  import: { about: "20,000 reports from files, beside a bare COPY of their rows", load: () => import("./import.ts") },
  mutants: {
    about: "a million broken reports through receive(): none crashes anything",
    load: () => import("./mutants.ts"),
  },
  smtp: { about: "1,000 mails with reports through the SMTP door", load: () => import("./smtp.ts") },
  upload: { about: "1,000 small reports in one drop", load: () => import("./upload.ts") },
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !Object.hasOwn(BENCHES, name));
if (asked.length === 0 || unknown !== undefined) {
  if (unknown !== undefined) console.error(`There is no bench "${unknown}".`);
  for (const [name, { about }] of Object.entries(BENCHES)) console.log(`npm run bench -- ${name.padEnd(8)} ${about}`);
  process.exitCode = unknown === undefined ? 0 : 2;
} else {
  const [only, ...others] = asked;
  if (others.length === 0) await (await BENCHES[only ?? ""]?.load())?.bench();
  // Each in a process of its own, so that none finds the settings and the memory of the one before.
  else for (const name of asked) spawnSync(process.execPath, [import.meta.filename, name], { stdio: "inherit" });
}
