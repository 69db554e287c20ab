import { parseArgs } from "node:util";
import { findDomains } from "#lib/db/domains.ts";
import { type Replayed, replay } from "#lib/reports/replay.ts";
import { parseDomainName } from "#lib/standards/domain-name.ts";
import { visibleText } from "#lib/standards/visible-text.ts";
import { say } from "./progress.ts";
import { withDatabase } from "./with-database.ts";

const USAGE = "Usage: sealpost replay [--domain <name>] [--team <slug>] [--dry-run]";

/**
 * `sealpost replay`: reads the bytes of stored reports and of the trays again, as after a fix of the parser, writes what that
 * changes and says it, a line a report, on standard output.
 * @returns 0, or 2 when the command was called wrongly
 */
export async function replayCommand(args: string[]): Promise<number> {
  const asked = readArguments(args);
  if (asked === null) return 2;
  return withDatabase(async () => {
    const domains = await findDomains(asked.domain, asked.team);
    if (domains.length === 0) {
      say("sealpost replay: no such domain is registered.");
      return 2;
    }
    const sum: Replayed = { files: 0, changed: 0, found: 0, lost: 0, released: 0 };
    const tell = (line: string) => process.stdout.write(`${visibleText(line)}\n`);
    for (const domain of domains.filter(({ sample }) => !sample)) {
      const of = await replay(domain, { dryRun: asked.dryRun, tell });
      for (const name of Object.keys(sum) as (keyof Replayed)[]) sum[name] += of[name];
    }
    const would = asked.dryRun ? " (nothing was written)" : "";
    say(
      `${sum.files} files read again: ${sum.changed} reports changed, ${sum.found} new, ${sum.lost} not readable any more, ${sum.released} files left their tray${would}.`,
    );
    return 0;
  });
}

function readArguments(args: string[]): { domain: string | null; team: string | null; dryRun: boolean } | null {
  try {
    const { values } = parseArgs({
      args,
      options: { domain: { type: "string" }, team: { type: "string" }, "dry-run": { type: "boolean" } },
    });
    const name = values.domain === undefined ? null : parseDomainName(values.domain);
    if (name?.ok === false) throw new Error(name.sentence);
    return { domain: name?.name ?? null, team: values.team ?? null, dryRun: values["dry-run"] ?? false };
  } catch (error) {
    say(`sealpost replay: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return null;
  }
}
