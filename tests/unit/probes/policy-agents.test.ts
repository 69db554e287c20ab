import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { LIMITS } from "#lib/probes/limits.ts";
import { askPolicyAgents } from "#lib/probes/policy-agents.ts";
import { type FetchOptions, fetchPolicy } from "#lib/probes/policy-fetch.ts";
import { type Lab, startLab } from "#tests/lab/lab.ts";
import { serveHttps } from "./own-https.ts";

const LOOPBACK = "127.0.0.1";
const MTA = "Postfix-MTA-STS-Resolver/1.4";

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ slowness: 20 });
});
afterAll(async () => {
  await lab.stop();
});

const servers: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

const askOf = (label: string, address = LOOPBACK, options: FetchOptions = {}) =>
  askPolicyAgents(`mta-sts.${label}.test`, address, lab.settings, options);

describe("the policy under other names", () => {
  test("is asked for without a User-Agent and then as a mail server asks, one after the other", async () => {
    lab.requests.length = 0;
    const [nobody, mta, ...more] = await askOf("healthy");
    expect(more).toEqual([]);
    const { http } = await fetchPolicy("mta-sts.healthy.test", LOOPBACK, lab.settings);
    const sha256 = createHash("sha256")
      .update(http?.body ?? "", "latin1")
      .digest("hex");
    expect(nobody).toEqual({ agent: null, status: 200, sha256, failure: null });
    expect(mta).toEqual({ agent: MTA, status: 200, sha256, failure: null });
    const names = lab.requests.map(({ head }) => /^user-agent: .*$/im.exec(head)?.[0] ?? null);
    expect(names).toEqual([null, `User-Agent: ${MTA}`, "User-Agent: Sealpost/0.1 (MTA-STS policy lookup)"]);
    const [first, second] = lab.requests.map(({ head }) => head.replace(/^user-agent: .*\r\n/im, ""));
    expect(first).toBe(second);
  });

  test.each([
    ["policy-not-without-agent", [403, 200], [null, null]],
    ["policy-not-for-mail-servers", [200, null], [null, "response-malformed"]],
    ["policy-challenges-mail-servers", [200, 200], [null, null]],
    ["policy-not-for-sealpost", [200, 200], [null, null]],
    ["policy-redirects", [302, 302], [null, null]],
  ])("of %s.test is seen as it is", async (label, statuses, codes) => {
    const facts = await askOf(label);
    expect(facts.map(({ status }) => status)).toEqual(statuses);
    expect(facts.map(({ failure }) => failure?.code ?? null)).toEqual(codes);
  });

  test("shows by the hash whether it is the same text", async () => {
    const [nobody, mta] = await askOf("policy-challenges-mail-servers");
    expect(nobody?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(mta?.sha256).not.toBe(nobody?.sha256);
    const [empty] = await askOf("policy-no-content");
    expect(empty).toMatchObject({ status: 204, sha256: null });
  });

  test("is asked for over nothing but a connection as good as that of a fetch", async () => {
    lab.requests.length = 0;
    const refused = { status: null, failure: { code: "tls-handshake", detail: "the certificate is not accepted" } };
    expect(await askOf("cert-expired")).toMatchObject([refused, refused]);
    expect(await askOf("cert-wrong-name")).toMatchObject([refused, refused]);
    expect(lab.requests).toEqual([]);
    expect(await askOf("healthy", "10.1.2.3")).toMatchObject([
      { agent: null, failure: { code: "address-refused" } },
      { agent: MTA, failure: { code: "address-refused" } },
    ]);
    expect(await askOf("healthy", "127.0.0.2")).toMatchObject([
      { failure: { code: "connection-refused" } },
      { failure: { code: "connection-refused" } },
    ]);
  });

  test("is waited for no longer than a quarter of the time for a policy", async () => {
    const own = await serveHttps(lab.authority, "mta-sts.own.test", () => {});
    servers.push(own);
    const settings = { ...lab.settings, httpsPort: own.port };
    const limits = { ...LIMITS, fetchTotal: 800 };
    expect(await askPolicyAgents("mta-sts.own.test", LOOPBACK, settings, { limits })).toMatchObject([
      { failure: { code: "response-timeout", detail: expect.stringMatching(/within (1\d\d|200) ms/) } },
      { failure: { code: "response-timeout" } },
    ]);
    expect(own.connected()).toBe(2);
  });

  test("is not asked for any more after an abort", async () => {
    const aborting = new AbortController();
    const own = await serveHttps(lab.authority, "mta-sts.own.test", () =>
      aborting.abort(new Error("no longer wanted")),
    );
    servers.push(own);
    const settings = { ...lab.settings, httpsPort: own.port };
    const asking = askPolicyAgents("mta-sts.own.test", LOOPBACK, settings, { signal: aborting.signal });
    await expect(asking).rejects.toThrow("no longer wanted");
    expect(own.connected()).toBe(1);
  });
});

test("no connection outlives its question", async () => {
  await Promise.all(
    ["healthy", "cert-expired", "policy-not-for-mail-servers", "tls-alert"].map((label) => askOf(label)),
  );
  await expect.poll(() => lab.connections(), { timeout: 5_000 }).toBe(0);
});
