import { describe, expect, test } from "vitest";
import { CATALOGUE, judge, runChecks } from "#lib/checks/catalogue.ts";
import type { Facts, Gathering } from "#lib/checks/gather.ts";
import { CHECKS, type CheckName, type Verdict } from "#lib/checks/verdict.ts";
import { cases as ofDane } from "./cases-dane.ts";
import { cases as ofMx } from "./cases-mx.ts";
import { cases as ofMxCertificate } from "./cases-mx-certificate.ts";
import { cases as ofMxHosts } from "./cases-mx-hosts.ts";
import { cases as ofMxTls } from "./cases-mx-tls.ts";
import { cases as ofStarttls } from "./cases-starttls.ts";
import { cases as ofFetch } from "./cases-sts-fetch.ts";
import { cases as ofId } from "./cases-sts-id.ts";
import { cases as ofReports } from "./cases-tls-rpt.ts";
import { cases as ofReportHosts } from "./cases-tls-rpt-hosts.ts";
import { factsWith, failed, fetched, HOST, noAddressesAt, served, stsOf } from "./facts.ts";

/** Facts that are in already. */
function gathered(facts: Facts): Gathering {
  const { domain, checkedAt, ...others } = facts;
  const promised = Object.entries(others).map(([name, fact]) => [name, Promise.resolve(fact)]);
  return { domain, checkedAt, ...Object.fromEntries(promised) };
}

async function run(gathering: Gathering) {
  const running = runChecks(gathering);
  return (await Promise.all(CHECKS.map((check) => running.get(check) ?? []))).flat();
}

test("the catalogue has each check once, in order, after those that it needs", () => {
  expect(CATALOGUE.map((entry) => entry.check)).toEqual([...CHECKS]);
  for (const { check, needs } of CATALOGUE) {
    for (const need of needs)
      expect(CHECKS.indexOf(need), `${check} needs ${need}`).toBeLessThan(CHECKS.indexOf(check));
  }
});

const OF_MAIL_HOSTS = [ofDane, ofMxHosts, ofStarttls, ofMxCertificate, ofMxTls, ofReportHosts].flat();
test.each(
  [...OF_MAIL_HOSTS, ...ofId, ...ofMx, ...ofFetch, ...ofReports].map(
    (one) => [`${one.check}: ${one.why}`, one.changes] as const,
  ),
)("facts judged as they come in are judged as when they are stored: %s", async (_, changes) => {
  expect(await run(gathered(factsWith(changes)))).toEqual(judge(factsWith(changes)));
});

function prerequisiteOf({ evidence }: Verdict): unknown {
  return Array.isArray(evidence) ? undefined : evidence.prerequisite;
}

describe("a check is skipped after one that is not well, and says which", () => {
  function skips(
    changes: Partial<Facts>,
    expected: Partial<Record<CheckName, [string, CheckName]>>,
    why: string,
  ): void {
    test(why, () => {
      const verdicts = judge(factsWith(changes));
      for (const check of CHECKS) {
        const own = verdicts.filter((verdict) => verdict.check === check);
        const skipped = own.find((verdict) => verdict.code.startsWith("skipped-after-"));
        const seen = skipped && [skipped.code, prerequisiteOf(skipped)];
        expect(seen, check).toEqual(expected[check]);
        if (skipped) expect(skipped).toMatchObject({ status: "skipped", title: expect.stringContaining("Not tested") });
        if (skipped) expect(skipped.detail).toContain(`\`${prerequisiteOf(skipped)}\``);
      }
    });
  }
  skips({}, {}, "all is well");
  skips(
    { policyHostAddresses: noAddressesAt(HOST, "no-such-name"), policyFetch: null },
    {
      "mta-sts-certificate": ["skipped-after-fail", "mta-sts-host"],
      "mta-sts-fetch": ["skipped-after-fail", "mta-sts-host"],
      "mta-sts-policy": ["skipped-after-skip", "mta-sts-fetch"],
      "mta-sts-mode": ["skipped-after-skip", "mta-sts-fetch"],
      "mta-sts-max-age": ["skipped-after-skip", "mta-sts-policy"],
      "mta-sts-mx": ["skipped-after-skip", "mta-sts-policy"],
      "mta-sts-id": ["skipped-after-skip", "mta-sts-fetch"],
    },
    "no policy host",
  );
  skips(
    { policyHostAddresses: noAddressesAt(HOST, "timeout"), policyFetch: null },
    {
      "mta-sts-certificate": ["skipped-after-error", "mta-sts-host"],
      "mta-sts-fetch": ["skipped-after-error", "mta-sts-host"],
      "mta-sts-policy": ["skipped-after-skip", "mta-sts-fetch"],
      "mta-sts-mode": ["skipped-after-skip", "mta-sts-fetch"],
      "mta-sts-max-age": ["skipped-after-skip", "mta-sts-policy"],
      "mta-sts-mx": ["skipped-after-skip", "mta-sts-policy"],
      "mta-sts-id": ["skipped-after-skip", "mta-sts-fetch"],
    },
    "policy host unknown",
  );
  skips(
    { policyFetch: served("version: STSv1\nmode: enforce\nmax_age: 604800") },
    {
      "mta-sts-mode": ["skipped-after-fail", "mta-sts-policy"],
      "mta-sts-max-age": ["skipped-after-fail", "mta-sts-policy"],
      "mta-sts-mx": ["skipped-after-fail", "mta-sts-policy"],
    },
    "an invalid policy with a mode",
  );
  skips(
    { tlsRptTxt: failed("x", "TXT", "servfail") },
    { "tls-rpt-destinations": ["skipped-after-error", "tls-rpt-record"] },
    "no answer about the TLS-RPT record",
  );
  skips(
    { stsTxt: stsOf() },
    { "mta-sts-id": ["skipped-after-fail", "mta-sts-record"] },
    "M74: without a record the policy is looked at all the same",
  );
});

test("a throw inside a check is an error of the check, and the others go on", async () => {
  const crooked = fetched();
  Object.defineProperty(crooked, "tls", {
    get: () => {
      throw new RangeError("boom");
    },
  });
  const facts = factsWith({ policyFetch: crooked });
  const both = [judge(facts), await run(gathered(facts))];
  for (const verdicts of both) {
    const crashed = verdicts.filter((verdict) => verdict.code === "check-crashed");
    expect(crashed.map(({ check, status }) => `${status} ${check}`)).toEqual([
      "error outcome",
      "error mta-sts-certificate",
      "error mta-sts-fetch",
    ]);
    expect(crashed[0]?.evidence).toMatchObject({ message: "boom" });
    expect(verdicts.some((verdict) => verdict.check === "tls-rpt-record" && verdict.status === "pass")).toBe(true);
  }
});

test("a check does not wait for facts that it does not need", async () => {
  const never = new Promise<never>(() => {});
  const running = runChecks({ ...gathered(factsWith()), policyFetch: never, destinations: never });
  const codes = async (check: CheckName) => (await running.get(check))?.map((verdict) => verdict.code);
  expect(await codes("mx")).toEqual(["mx-present"]);
  expect(await codes("mta-sts-record")).toEqual(["sts-record-valid"]);
  expect(await codes("tls-rpt-record")).toEqual(["tls-rpt-record-valid"]);
});

test("a check whose prerequisite failed does not wait for its own facts", async () => {
  const facts = factsWith({ policyFetch: null });
  const running = runChecks({ ...gathered(facts), mx: new Promise<never>(() => {}) });
  expect(await running.get("mta-sts-mx")).toMatchObject([{ status: "skipped" }]);
});

test("a fact that rejects is an error of the checks that wait for it", async () => {
  const lost = Promise.reject<never>(new Error("lost"));
  const running = runChecks({ ...gathered(factsWith()), mx: lost });
  expect(await running.get("mx")).toMatchObject([{ code: "check-crashed", status: "error" }]);
  expect(await running.get("mta-sts-host")).toMatchObject([{ status: "pass" }]);
});
