import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createResolver } from "#lib/probes/dns.ts";
import { LIMITS } from "#lib/probes/limits.ts";
import { reachOutward, WELL_KNOWN_MAIL_HOSTS } from "#lib/probes/outward.ts";
import type { OutwardFact } from "#lib/probes/smtp-fact.ts";
import { type Lab, startLab } from "#tests/lab/lab.ts";
import { mailAddress } from "#tests/lab/mail-host.ts";
import { domain } from "#tests/lab/world-domain.ts";

const HOSTS = { "up.@": {}, "reset.@": { connection: "reset" }, "dark.@": { connection: "unanswered" } } as const;

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ domains: [domain("outside", "Hosts outside.", [], { mail: HOSTS })] });
});
afterAll(async () => {
  await lab.stop();
});

const UP = mailAddress("up.outside.test");
const RESET = mailAddress("reset.outside.test");
const DARK = mailAddress("dark.outside.test");
const REFUSED = "127.0.0.2";
const PRIVATE = "10.1.2.3";

/** What comes of the well-known hosts at these addresses; without one a host is not found. */
async function reach(...addresses: string[]): Promise<OutwardFact> {
  for (const [i, name] of WELL_KNOWN_MAIL_HOSTS.entries()) {
    const address = addresses[i];
    if (address === undefined) lab.zone.names.delete(name);
    else lab.zone.names.set(name, { A: [address] });
  }
  // Limits of its own for each, so that nothing is shared.
  const options = { limits: { ...LIMITS, outward: 200, fetchTotal: Math.random() } };
  return await reachOutward(createResolver(lab.settings), lab.settings, options);
}

describe("port 25 is", () => {
  test.each<[string, string[], OutwardFact["port25"]]>([
    ["open when a host answers", [DARK, UP, DARK], "open"],
    ["closed when a host refuses, as only a firewall does in its place", [DARK, REFUSED], "closed"],
    ["closed when a host resets, likewise", [DARK, RESET], "closed"],
    ["closed when nobody answers", [DARK, DARK, DARK], "closed"],
    ["not known when no host was found", [], null],
    ["not known when the guard refuses all of them", [PRIVATE], null],
    ["closed when the only one left does not answer", [PRIVATE, DARK], "closed"],
  ])("%s", async (_, addresses, port25) => {
    const fact = await reach(...addresses);
    expect(fact.port25).toBe(port25);
    expect(fact.tried.map(({ address }) => address)).toEqual(addresses);
  });

  test("told with what was tried", async () => {
    const [first, second, third] = WELL_KNOWN_MAIL_HOSTS;
    expect((await reach(UP, DARK, REFUSED)).tried).toEqual([
      { host: first, address: UP, failure: null },
      { host: second, address: DARK, failure: "connection-timeout" },
      { host: third, address: REFUSED, failure: "connection-refused" },
    ]);
  });

  test("not asked for again for some minutes", async () => {
    const resolver = createResolver(lab.settings);
    const [one, other] = [await reachOutward(resolver, lab.settings), await reachOutward(resolver, lab.settings)];
    expect(other).toBe(one);
  });
});

test("nothing is said to them", async () => {
  expect(lab.mail.commands).toEqual([]);
  await expect.poll(() => lab.mail.connections()).toBe(0);
});

test("an abort ends it", async () => {
  const signal = AbortSignal.abort(new Error("no longer wanted"));
  const reaching = reachOutward(createResolver(lab.settings), lab.settings, { signal });
  await expect(reaching).rejects.toThrow("no longer wanted");
});
