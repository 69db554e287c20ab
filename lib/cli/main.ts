import { SettingError } from "#lib/settings.ts";
import { say } from "./progress.ts";

const USAGE = `Usage: sealpost <command>

  start                      everything on this machine: PostgreSQL, migrations, web, worker
  dev                        the same, with hot reload
  web | worker               one role alone, for more than one machine (needs DATABASE_URL)
  migrate                    bring the database of DATABASE_URL to this version
  check <domain>… [--json] [--fail-on fail|warn]
                             look a domain up and judge it; needs no database
  parse <file>… [--json]     read TLS reports; needs no database
  import <file or folder>… [--domain <name>] [--team <slug>] | --to <URL of an inbox>
                             store TLS reports, also from mbox files and Maildirs; links in folders are followed;
                             can be interrupted and run again
  replay [--domain <name>] [--team <slug>] [--dry-run]
                             read stored reports again after an update, and say what that changes
  reset-password <e-mail>    print a link that sets a new password
`;

/** Each command loads only what it needs, so that `check` and `parse` start without database or web code. */
const COMMANDS: Record<string, (args: string[]) => Promise<number>> = {
  start: async () => (await import("./supervisor.ts")).supervise("start"),
  dev: async () => (await import("./supervisor.ts")).supervise("dev"),
  web: async (args) => {
    if (isAlone()) await (await import("./build.ts")).buildWeb();
    return (await import("./web.ts")).web(args);
  },
  worker: async () => {
    if (isAlone()) await (await import("./build.ts")).buildDatabaseClient();
    return (await import("./worker.ts")).worker();
  },
  migrate: async () => (await import("./with-database.ts")).withDatabase(async () => 0),
  check: async (args) => (await import("./check.ts")).checkCommand(args),
  import: async (args) => (await import("./import.ts")).importCommand(args),
  replay: async (args) => (await import("./replay.ts")).replayCommand(args),
  "reset-password": async (args) => (await import("./reset-password.ts")).resetPasswordCommand(args),
  parse: async (args) => (await import("./parse.ts")).parseCommand(args),
};

/** True when no supervisor started this process, which would have built what is needed. */
function isAlone(): boolean {
  return process.send === undefined;
}

const [name = "", ...args] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (command === undefined) {
  const asked = name === "help" || name === "--help" || name === "-h";
  if (asked) process.stdout.write(USAGE);
  else say(name === "" ? USAGE : `sealpost: there is no command "${name}".\n\n${USAGE}`);
  process.exitCode = asked ? 0 : 2;
} else {
  try {
    process.exitCode = await command(args);
  } catch (error) {
    // What an operator can mend has a sentence of its own; only a fault of ours shows where it happened.
    const known = error instanceof SettingError || (error instanceof Error && !(error instanceof TypeError));
    say(`sealpost ${name}: ${known ? error.message : error instanceof Error ? error.stack : String(error)}`);
    process.exitCode = 2;
  }
}
