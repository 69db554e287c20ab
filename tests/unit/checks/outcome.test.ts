import { describe, expect, test } from "vitest";
import { judge } from "#lib/checks/catalogue.ts";
import { actsOf, rowCases } from "./cases-outcome.ts";
import { factsWith, mailHost, spoken } from "./facts.ts";

describe("the evidence of `outcome` is the list of what each sender does at each address", () => {
  test.each(rowCases.map((one) => [one.why, one] as const))("%s", (_, { changes, rows }) => {
    const { evidence } = judge(factsWith(changes)).find(({ check }) => check === "outcome") ?? {};
    if (!Array.isArray(evidence)) throw new Error("the evidence is no list");
    expect(evidence.map(actsOf)).toEqual(rows);
    for (const row of evidence) {
      expect(Object.keys(row)).toEqual(["mx", "address", "mtaSts", "dane", "opportunistic", "reason"]);
      expect(row.reason).toMatch(/^[A-Z].*\.$/);
    }
  });

  test("none is left out, however many there are", () => {
    const addresses = Array.from({ length: 128 }, (_, i) => `192.0.2.${i}`);
    const smtp = addresses.map((address) => spoken("mx1.example.org", address));
    const [verdict] = judge(factsWith({ mailHosts: [mailHost("mx1.example.org")], smtp }));
    expect(verdict?.evidence).toHaveLength(128);
  });
});
