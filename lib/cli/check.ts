import { parseArgs } from "node:util";
import { type Status, worstStatus } from "#lib/checks/verdict.ts";
import { type FinishedLookup, startLookup } from "#lib/lookups/look-up.ts";
import { probeSettings } from "#lib/lookups/probe-settings.ts";
import type { ProbeSettings } from "#lib/probes/probe-settings.ts";
import { settings } from "#lib/settings.ts";
import { displayName, parseLookupName } from "#lib/standards/domain-name.ts";
import { lookupTable } from "./lookup-table.ts";
import { say } from "./progress.ts";

const AT_ONCE = 8;
const USAGE = "Usage: sealpost check <domain>… [--json] [--fail-on fail|warn]";

/**
 * `sealpost check`: looks domains up and judges them; needs no database. One line (or table) comes out per domain, in the
 * order given, whatever happens to it.
 * @returns 0 when nothing is at or above --fail-on, 1 when something is, 2 when something could not be looked at or the
 * command was called wrongly
 */
export async function checkCommand(args: string[]): Promise<number> {
  const asked = readArguments(args);
  if (asked === null) return 2;
  const probes = probeSettings(settings());
  const results = asked.domains.map(() => Promise.withResolvers<Line>());
  let next = 0;
  const work = async () => {
    for (let index = next++; index < asked.domains.length; index = next++) {
      results[index]?.resolve(await look(asked.domains[index] ?? "", probes));
    }
  };
  const working = Promise.all(Array.from({ length: AT_ONCE }, work));
  const worst: Status[] = [];
  for (const result of results) {
    const line = await result.promise;
    worst.push(line.worst);
    process.stdout.write(asked.json ? `${JSON.stringify(line)}\n` : lookupTable(line));
  }
  await working;
  return exitCode(worst, asked.failOn);
}

/** One line of the output. */
export interface Line {
  domain: string;
  checkedAt: string;
  worst: Status;
  verdicts: FinishedLookup["verdicts"];
  facts: FinishedLookup["facts"] | null;
}

async function look(typed: string, probes: ProbeSettings): Promise<Line> {
  const parsed = parseLookupName(typed);
  if (!parsed.ok) return unusable(typed, "domain-refused", "This is no domain that can be looked up", parsed.sentence);
  try {
    const { checkedAt, verdicts, facts } = await startLookup(parsed.name, probes).finished;
    const worst = worstStatus(verdicts.map((verdict) => verdict.status)) ?? "error";
    return { domain: parsed.name, checkedAt: checkedAt.toISOString(), worst, verdicts, facts };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return unusable(parsed.name, "check-crashed", `${displayName(parsed.name)} could not be looked at`, message);
  }
}

/** The line of a domain that could not be looked at at all. */
function unusable(domain: string, code: string, title: string, detail: string): Line {
  const verdict = { check: "mx", status: "error", code, subject: domain, title, detail } as const;
  return {
    ...{ domain, checkedAt: new Date().toISOString(), worst: "error", facts: null },
    verdicts: [{ ...verdict, fix: null, reference: null, evidence: {} }],
  };
}

function exitCode(worst: readonly Status[], failOn: "fail" | "warn"): number {
  if (worst.some((status) => status === "fail" || (failOn === "warn" && status === "warn"))) return 1;
  return worst.includes("error") ? 2 : 0;
}

function readArguments(args: string[]): { domains: string[]; json: boolean; failOn: "fail" | "warn" } | null {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { json: { type: "boolean", default: false }, "fail-on": { type: "string", default: "fail" } },
    });
    const failOn = values["fail-on"];
    if (failOn !== "fail" && failOn !== "warn") throw new Error(`--fail-on is "${failOn}"; it has to be fail or warn.`);
    if (positionals.length === 0) throw new Error("Name at least one domain.");
    return { domains: positionals, json: values.json, failOn };
  } catch (error) {
    say(`sealpost check: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return null;
  }
}
