import { describe, expect, test } from "vitest";
import { judge } from "#lib/checks/catalogue.ts";
import type { PolicyFetchFact } from "#lib/probes/policy-fact.ts";
import { factsWith, fetched, HOST, httpWith, POLICY } from "./facts.ts";

const SIX = "2001:db8::10";

/** What is said of the second address, when the first serves the policy. */
function saidOf(second: PolicyFetchFact) {
  const policyFetches = [fetched(), { ...second, address: SIX }];
  const verdicts = judge(factsWith({ policyFetch: fetched(), policyFetches }));
  return verdicts.find(({ subject }) => subject === `${HOST} [${SIX}]`);
}

describe("what is said of one address of the policy host", () => {
  test("D2: names the address, its family, and those that serve the policy", () => {
    const verdict = saidOf(fetched({ http: httpWith({ status: 404 }) }));
    expect(verdict?.check).toBe("mta-sts-fetch");
    expect(verdict?.detail).toMatch(
      /This was seen over IPv6 at `2001:db8::10`; the policy is also served at `192\.0\.2\.10`, and senders choose freely/,
    );
    expect(verdict?.evidence).toMatchObject({ address: SIX, family: "IPv6", serving: ["192.0.2.10"], status: 404 });
  });

  test("does not call the address itself one of the others, where its fault is a small one", () => {
    const verdict = saidOf(fetched({ http: httpWith({ contentType: null }) }));
    expect(verdict?.evidence).toHaveProperty("serving", ["192.0.2.10"]);
  });

  test("H1: shows the lines in which two policies differ, however long they are", () => {
    const body = POLICY.replace("enforce", "testing").replace("mx: mx2.example.org\n", "");
    const verdict = saidOf(fetched({ http: httpWith({ body }) }));
    expect(verdict?.detail).toContain("differ in `mode: enforce`, `mx: mx2.example.org`, `mode: testing`");
    const many = saidOf(fetched({ http: httpWith({ body: "x: y\n".repeat(10_000) + POLICY }) }));
    expect(JSON.stringify(many).length).toBeLessThan(10_000);
  });

  test("is passed over where it is the same as at the first", () => {
    expect(saidOf(fetched())).toBeUndefined();
  });

  test("all that serve are in the evidence of the pass", () => {
    const policyFetches = [fetched(), fetched({ address: SIX })];
    const pass = judge(factsWith({ policyFetches })).find(({ code }) => code === "sts-fetch-ok");
    expect(pass?.evidence).toHaveProperty("addresses", ["192.0.2.10", SIX]);
  });
});
