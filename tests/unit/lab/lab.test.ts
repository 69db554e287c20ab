import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { connect as connectTls } from "node:tls";
import { describe, expect, test } from "vitest";
import { createProbes } from "#lib/probes/probes.ts";
import { startLab } from "#tests/lab/lab.ts";
import { mailAddress } from "#tests/lab/mail-host.ts";
import { WORLD } from "#tests/lab/world.ts";
import { type Differences, domain } from "#tests/lab/world-domain.ts";

describe("the lab", () => {
  test("gives its settings as an environment too, and is gone when stopped", async () => {
    const lab = await startLab();
    const { env, settings } = lab;
    const caFile = env.SEALPOST_PROBE_CA_FILE ?? "";
    expect(env).toEqual({
      SEALPOST_DNS: settings.resolvers[0],
      SEALPOST_PROBE_HTTPS_PORT: String(settings.httpsPort),
      SEALPOST_PROBE_SMTP_PORT: String(settings.smtpPort),
      SEALPOST_PROBE_CA_FILE: caFile,
      SEALPOST_PROBE_ALLOW: "127.0.0.0/8",
    });
    expect(readFileSync(caFile, "utf8")).toBe(settings.extraRoots);
    await lab.stop();
    expect(existsSync(caFile)).toBe(false);
    const { result } = await createProbes(settings).resolveMx("healthy.test");
    expect(result).toMatchObject({ ok: false, failure: "network" });
  });

  test("may run twice at a time", async () => {
    const [one, other] = await Promise.all([startLab(), startLab()]);
    expect(one.settings.resolvers).not.toEqual(other.settings.resolvers);
    await Promise.all([one.stop(), other.stop()]);
  });

  test("has mail hosts that speak STARTTLS, one for all names at 127.0.0.1", async () => {
    const lab = await startLab();
    const raw = connect(lab.settings.smtpPort, "127.0.0.1");
    const replies = linesOf(raw);
    expect(await replies()).toMatch(/^220 /);
    raw.write("EHLO probe.test\r\n");
    const keywords: string[] = [];
    for (let line = ""; !line.startsWith("250 "); keywords.push(line)) line = await replies();
    expect(keywords.join("\n")).toContain("STARTTLS");
    raw.write("STARTTLS\r\n");
    expect(await replies()).toMatch(/^220 /);
    raw.removeAllListeners("data");
    const names = await new Promise<string | undefined>((resolve, reject) => {
      const ca = lab.settings.extraRoots ?? "";
      const tls = connectTls({ socket: raw, servername: "mx1.healthy.test", ca }, () => {
        resolve(tls.getPeerX509Certificate()?.subjectAltName);
        tls.destroy();
      });
      tls.on("error", reject);
    });
    expect(names).toBe("DNS:mx1.healthy.test");
    await lab.stop();
  });

  test("gives each mail host addresses of its own, at which OpenSSL sees what it should", async () => {
    const down = { "mx1.@": [{ certificate: "rsa" }, { connection: "refused" }] } satisfies Differences["mail"];
    const lab = await startLab({ domains: [domain("two", "Two addresses.", [], { mail: down })] });
    const { a } = await createProbes(lab.settings).resolveAddresses("mx1.two.test");
    const addresses = a.result.ok ? a.result.records : [];
    expect(addresses).toEqual([mailAddress("mx1.two.test", 0), mailAddress("mx1.two.test", 1)]);
    const [up = "", refusing = ""] = addresses;
    const port = lab.settings.smtpPort;
    const seen = await openssl("-starttls", "smtp", "-connect", `${up}:${port}`, "-servername", "mx1.two.test");
    expect(seen).toMatch(/subject=CN ?= ?mx1\.two\.test/);
    expect(seen).toMatch(/i:CN ?= ?Sealpost lab intermediate/);
    expect(await openssl("-starttls", "smtp", "-connect", `${refusing}:${port}`)).toMatch(/refused/i);
    await lab.stop();
  });

  test("answers for the root as a resolver that validates, and has bogus names", async () => {
    const switches = { "bogus.@": { fault: "bogus" } } as const;
    const names = { "bogus.@": { TXT: [["x"]] } };
    const lab = await startLab({ domains: [domain("own", "Bogus.", [], { names, switches })] });
    const probes = createProbes(lab.settings);
    for (const name of ["", "com", "org"]) {
      expect(await probes.resolveSoa(name)).toMatchObject({ authenticated: true, result: { ok: true } });
    }
    const bogus = await probes.resolveTxt("bogus.own.test");
    expect(bogus).toMatchObject({ answeredUnchecked: true, result: { ok: false, failure: "servfail" } });
    await lab.stop();
  });

  test("does not start with one address for two hosts", async () => {
    const one = domain("one", "Its mail host is well.", [], { mail: { "mx.provider.test": {} } });
    const other = domain("other", "The same host is not.", [], { mail: { "mx.provider.test": { greeting: "" } } });
    await expect(startLab({ domains: [one, other] })).rejects.toThrow(/is for mx\.provider\.test/);
  });
});

describe("the table of domains", () => {
  // What a lookup cannot see alone: M5 (needs the last lookup), M23 (our fetch), M26, M64 (not checked), M30 (the
  // scheduler's), M32, M33, M67, M70, M77, D22, D24 (about senders), M35 (other domains), D1 (our resolver), S1 (needs mail).
  const ROWS = [
    ...["M1", "M2", "M3", "M4", "M6", "M7", "M8", "M9", "M10", "M11", "M12", "M13", "M14", "M15"],
    ...["M20", "M21", "M22", "M24", "M25", "M27", "M28", "M29", "M31", "M34", "M36"],
    ...["M40", "M41", "M42", "M43", "M44", "M45", "M46", "M47", "M48", "M49", "M50", "M51", "M52"],
    ...["M60", "M61", "M65", "M66", "M68", "M71", "M72"],
    ...["M62", "M63", "D17", "S2", "S3", "S4", "S5", "S6", "Q1"],
    ...["T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10", "T11", "T12", "T13", "H3", "H10"],
    ...["D2", "D3", "D4", "D5", "D6", "D7", "D8", "D9", "D10", "D11", "D12", "D13", "D14", "D15", "D16"],
    ...["D18", "D19", "D20", "D21", "D23", "D25"],
  ];

  test("covers every row of the requirements that a lookup can see", () => {
    const covered = new Set(WORLD.flatMap(({ rows }) => rows));
    expect(ROWS.filter((row) => !covered.has(row))).toEqual([]);
  });

  test("has each name once, and a sentence for it", () => {
    expect(new Set(WORLD.map(({ name }) => name)).size).toBe(WORLD.length);
    for (const { name, about } of WORLD) {
      expect(name).toMatch(/^[a-z0-9-]+\.test$/);
      expect(about).toMatch(/^[A-Z].*\.$/);
    }
  });
});

/** The lines of a socket, one at a time. */
function linesOf(socket: Socket): () => Promise<string> {
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  return async () => String((await lines.next()).value);
}

/** What `openssl s_client` says, and leaves. */
async function openssl(...options: string[]): Promise<string> {
  const run = spawn("openssl", ["s_client", ...options], { stdio: ["pipe", "pipe", "pipe"] });
  run.stdin.end("QUIT\r\n");
  const parts = await Promise.all([text(run.stdout), text(run.stderr)]);
  return parts.join("");
}
