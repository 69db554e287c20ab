import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import {
  begin,
  cleanUp,
  environment,
  freePort,
  health,
  newFolder,
  processesOn,
  sealpost,
  start,
} from "./installation.ts";

afterEach(cleanUp);

test("a start tells what it does, ends with the address, and keeps its secrets to itself", async () => {
  const folder = join(newFolder(), "not", "there yet");
  const sealpost = await start(folder, { SEALPOST_MAIL_DOMIAN: "reports.example.org" });
  const lines = (sealpost.stdout() + sealpost.stderr()).trimEnd().split("\n");
  expect(lines.at(-1)).toBe(sealpost.url);
  expect(sealpost.stderr()).toContain("SEALPOST_MAIL_DOMIAN is not a setting of Sealpost; is it misspelt?");
  expect(await health(sealpost.url)).toBe(200);
  expect((await fetch(sealpost.url)).status).toBe(200);
  expect(statSync(join(folder, "secrets.json")).mode & 0o777).toBe(0o600);
  const secrets = readFileSync(join(folder, "secrets.json"), "utf8");
  expect(await sealpost.stop()).toEqual({ code: 0, signal: null });

  const again = await start(folder);
  expect(readFileSync(join(folder, "secrets.json"), "utf8")).toBe(secrets);
  await again.stop();
});

describe("a wrong setting is named", () => {
  const file = () => join(newFolder(), "file");
  const wrong: [name: string, value: string | (() => string), says: RegExp][] = [
    ["PORT", "80000", /PORT has to be a port below 65536; it is "80000"/],
    ["PORT", "http", /PORT has to be a port number/],
    ["SEALPOST_URL", "sealpost.example.org", /SEALPOST_URL has to be the address that people type/],
    ["SEALPOST_SIGNUP", "never", /SEALPOST_SIGNUP has to be "first" or "open"; it is "never"/],
    ["SEALPOST_SECRET", "too short a secret", /SEALPOST_SECRET has to have at least 32 characters.*not shown/],
    ["DATABASE_URL", "mysql://me:hunter2@db/x", /DATABASE_URL has to start with postgresql:.*not shown/],
    [
      "DATABASE_URL",
      "postgresql://me:hunter2@127.0.0.1:9/x",
      /127\.0\.0\.1:9\/x \(DATABASE_URL\) cannot be used: .*REFUSED/,
    ],
    ["SMTP_URL", "mail.example.org:25", /SMTP_URL has to start with smtp:/],
    ["SEALPOST_DNS", "resolver.example.org:none", /SEALPOST_DNS: /],
    ["SEALPOST_PROBE_ALLOW", "10.0.0.0/33", /SEALPOST_PROBE_ALLOW: The range "10.0.0.0\/33"/],
    ["SEALPOST_PROBE_CA_FILE", "/no/such/file", /SEALPOST_PROBE_CA_FILE: .*no such file/],
    ["SEALPOST_TRUSTED_PROXIES", "proxy.example.org", /SEALPOST_TRUSTED_PROXIES: The range "proxy.example.org"/],
    ["SEALPOST_SMTP_RELAYS", "relay.example.org", /SEALPOST_SMTP_RELAYS: The range "relay.example.org"/],
    ["SEALPOST_OIDC_ISSUER", "https://login.example.org", /SEALPOST_OIDC_CLIENT_ID is missing/],
    ["SEALPOST_DATA", file, /SEALPOST_DATA: /],
    ["HOST", "999.1.2.3", /HOST=999\.1\.2\.3 PORT=\d+/],
  ];
  test.each(wrong)("%s=%s", async (name, value, says) => {
    const text = typeof value === "string" ? value : value();
    if (name === "SEALPOST_DATA") writeFileSync(text, "");
    const run = await begin(newFolder(), { [name]: text });
    expect(await run.ended).toEqual({ code: 2, signal: null });
    expect(run.stderr()).toMatch(says);
    expect(run.stderr()).not.toContain("hunter2");
    expect(run.stderr()).not.toMatch(/^\s+at /m); // no stack: the operator can mend it
    expect(processesOn(run.folder)).toEqual([]);
  });
});

describe("the same data folder", () => {
  test("a second start is refused with a sentence, the first goes on", async () => {
    const first = await start();
    const second = await begin(first.folder);
    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.stderr()).toContain(`Sealpost is running on ${first.folder} already (pid ${first.pid}).`);
    expect(await health(first.url)).toBe(200);
    await first.stop();
  });

  test("of four starts at the very same moment exactly one succeeds, also over what a killed one left", async () => {
    const folder = newFolder();
    for (let round = 0; round < 3; round++) {
      const all = await Promise.all(Array.from({ length: 4 }, () => begin(folder)));
      const ends = await Promise.all(
        all.map((one) =>
          Promise.race([
            one.ended,
            one.says("Sealpost is ready").then(
              () => null,
              () => one.ended,
            ),
          ]),
        ),
      );
      expect(ends.map((end) => end?.code ?? "runs").sort()).toEqual([1, 1, 1, "runs"]);
      const winner = all[ends.indexOf(null)];
      expect(await health(winner?.url ?? "")).toBe(200);
      if (winner === undefined) continue;
      if (round === 0) process.kill(winner.pid, "SIGKILL");
      else await winner.stop();
      await winner.ended;
    }
  });
});

describe("the port is taken", () => {
  let other: Server | undefined;
  afterEach(() => new Promise<void>((done) => (other ? other.close(() => done()) : done())));

  test.each(["127.0.0.1", "::1"])(
    "by another program on %s: PORT is named, and nothing is left running",
    async (host) => {
      const port = await freePort();
      other = createServer();
      await new Promise<void>((done) => other?.listen(port, host, done));
      const run = await begin(newFolder(), { PORT: String(port) });
      expect(await run.ended).toEqual({ code: 2, signal: null });
      expect(run.stderr()).toContain(`Port ${port} is in use by another program. Set PORT to a free one.`);
      expect(processesOn(run.folder)).toEqual([]);
    },
  );
});

describe("commands", () => {
  test("what is unknown or badly called says how it is called; standard output stays empty", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, "empty"));
    const cases: [string[], RegExp][] = [
      [[], /Usage: sealpost/],
      [["strat"], /there is no command "strat"/],
      [["check"], /Name at least one domain/],
      [["check", "--fail-on", "never", "example.org"], /--fail-on is "never"/],
      [["parse"], /Usage: sealpost parse/],
      [["import"], /Name at least one file or folder/],
      [["import", join(folder, "nothing")], /is not there/],
      [["import", join(folder, "empty")], /There is no database in .* yet/],
      [["reset-password"], /Usage: sealpost reset-password/],
      [["web"], /needs DATABASE_URL/],
      [["worker"], /needs DATABASE_URL/],
    ];
    for (const [args, says] of cases) {
      const run = sealpost(args, environment(folder));
      expect([args, await run.ended]).toEqual([args, { code: 2, signal: null }]);
      expect(run.stderr()).toMatch(says);
      expect(run.stdout()).toBe("");
    }
    const help = sealpost(["--help"], environment(folder));
    expect(await help.ended).toEqual({ code: 0, signal: null });
    expect(help.stdout()).toMatch(/^Usage: sealpost/);
  });
});
