import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Status, worstStatus } from "#lib/checks/verdict.ts";
import { type FinishedLookup, startLookup } from "#lib/lookups/look-up.ts";
import { probeSettings } from "#lib/lookups/probe-settings.ts";
import { judgeProposal, type Proposal } from "#lib/lookups/proposal.ts";
import type { ProbeSettings } from "#lib/probes/probe-settings.ts";
import { settings } from "#lib/settings.ts";
import { displayName, parseLookupName } from "#lib/standards/domain-name.ts";
import { junitReport } from "./junit.ts";
import { lookupTable } from "./lookup-table.ts";
import { say } from "./progress.ts";

const AT_ONCE = 8;
const USAGE = "Usage: sealpost check <domain>… [--json] [--fail-on fail|warn] [--policy FILE] [--junit FILE]";

/**
 * `sealpost check`: looks domains up and judges them; needs no database. One line (or table) comes out per domain, in the
 * order given, whatever happens to it. With --policy a policy that is not published yet takes the place of the live one.
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
      results[index]?.resolve(await look(asked.domains[index] ?? "", probes, asked.proposal));
    }
  };
  const working = Promise.all(Array.from({ length: AT_ONCE }, work));
  const lines: Line[] = [];
  for (const result of results) {
    const line = await result.promise;
    lines.push({ ...line, facts: null }); // a thousand domains' facts are too much to keep
    process.stdout.write(asked.json ? `${JSON.stringify(line)}\n` : lookupTable(line));
  }
  await working;
  if (asked.junit !== null && !written(asked.junit, junitReport(lines, asked.failOn))) return 2;
  return exitCode(
    lines.map(({ worst }) => worst),
    asked.failOn,
  );
}

/** One line of the output. */
export interface Line {
  domain: string;
  checkedAt: string;
  worst: Status;
  verdicts: FinishedLookup["verdicts"];
  facts: FinishedLookup["facts"] | null;
}

async function look(typed: string, probes: ProbeSettings, proposal: Proposal | null): Promise<Line> {
  const parsed = parseLookupName(typed);
  if (!parsed.ok) return unusable(typed, "domain-refused", "This is no domain that can be looked up", parsed.sentence);
  try {
    const looked = proposal ? judgeProposal(parsed.name, probes, proposal) : startLookup(parsed.name, probes).finished;
    const { checkedAt, verdicts, facts } = await looked;
    const worst = worstStatus(verdicts.map((verdict) => verdict.status)) ?? "error";
    return { domain: parsed.name, checkedAt: checkedAt.toISOString(), worst, verdicts, facts };
  } catch (error) {
    return unusable(
      parsed.name,
      "check-crashed",
      `${displayName(parsed.name)} could not be looked at`,
      messageOf(error),
    );
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

function written(file: string, text: string): boolean {
  try {
    writeFileSync(file, text);
    return true;
  } catch (error) {
    say(`sealpost check: the JUnit report could not be written: ${messageOf(error)}`);
    return false;
  }
}

interface Asked {
  domains: string[];
  json: boolean;
  failOn: "fail" | "warn";
  proposal: Proposal | null;
  junit: string | null;
}

function readArguments(args: string[]): Asked | null {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        "fail-on": { type: "string", default: "fail" },
        policy: { type: "string" },
        junit: { type: "string" },
      },
    });
    const failOn = values["fail-on"];
    if (failOn !== "fail" && failOn !== "warn") throw new Error(`--fail-on is "${failOn}"; it has to be fail or warn.`);
    if (positionals.length === 0) throw new Error("Name at least one domain.");
    const proposal = values.policy === undefined ? null : readProposal(values.policy);
    return { domains: positionals, json: values.json, failOn, proposal, junit: values.junit ?? null };
  } catch (error) {
    say(`sealpost check: ${messageOf(error)}\n${USAGE}`);
    return null;
  }
}

function readProposal(file: string): Proposal {
  try {
    return { source: file, body: readFileSync(file, "latin1") };
  } catch (error) {
    throw new Error(`--policy: ${messageOf(error)}.`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
