import { describe, expect, test } from "vitest";
import { judge } from "#lib/checks/catalogue.ts";
import { actsOf, rowCases } from "./cases-outcome.ts";
import { addressesAt, factsWith, mailHost, mxOf, silent, spoken } from "./facts.ts";

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

  test.each([
    ["connection-timeout", "No connection comes about, though others answer."],
    ["network-unreachable", "The network has no way to it, though others answer."],
    ["connection-refused", "Nothing listens on port 25."],
    ["connection-reset", "It breaks the connection off, though perhaps with Sealpost alone."],
    ["reply-timeout", "It accepts connections and says nothing, though perhaps to Sealpost alone."],
    ["ehlo-temporary", "It put Sealpost off for now."],
  ] as const)("the reason is what was met: %s", (code, reason) => {
    const smtp = [spoken("mx1.example.org"), silent("mx2.example.org", code)];
    const rows = judge(factsWith({ smtp })).find(({ check }) => check === "outcome")?.evidence;
    expect(rows).toMatchObject([{}, { mx: "mx2.example.org", reason }]);
  });

  test("of senders with DANE it is told which look over an MX record that is not signed (D8)", () => {
    const verdicts = rowCases
      .filter(({ why }) => why === "D8: an insecure MX, and none fits")
      .map(({ changes }) => judge(factsWith(changes)).find(({ check }) => check === "outcome"));
    expect(verdicts).toHaveLength(1);
    expect(verdicts[0]?.detail).toContain("though the MX record is not signed. They keep their mail");
    expect(verdicts[0]?.evidence).toMatchObject([
      { reason: expect.stringContaining("senders that use the records of the host all the same") },
    ]);
  });

  test("none is left out, however many there are", () => {
    const all = Array.from({ length: 128 }, (_, i) => `192.0.2.${i}`);
    const smtp = all.map((address) => spoken("mx1.example.org", address));
    const mailHosts = [mailHost("mx1.example.org", 10, { addresses: addressesAt("mx1.example.org", all) })];
    const [verdict] = judge(factsWith({ mx: mxOf("mx1.example.org"), mailHosts, smtp }));
    expect(verdict?.evidence).toHaveLength(128);
  });

  test("M65: what was not looked at is counted and shown, in few rows", () => {
    const all = Array.from({ length: 1000 }, (_, i) => `192.0.${i >> 8}.${i & 255}`);
    const names = Array.from({ length: 1000 }, (_, i) => `mx${i + 1}.example.org`);
    const [mx1 = "", mx2 = "", mx3 = ""] = names;
    const mailHosts = [mailHost(mx1, 10, { addresses: addressesAt(mx1, all) }), mailHost(mx2)];
    const smtp = [spoken(mx1, "192.0.0.1"), spoken(mx2)];
    const [verdict] = judge(factsWith({ mx: mxOf(...names), mailHosts, smtp }));
    expect(verdict?.detail).toContain("Not looked at: 999 addresses and 998 mail hosts.");
    expect(verdict?.evidence).toMatchObject([
      ...[{ mx: mx1 }, { mx: mx2 }],
      { mx: mx1, address: null, reason: expect.stringContaining("999 more addresses of this host") },
      { mx: mx3, address: null, reason: expect.stringContaining("and 997 others after it") },
    ]);
  });
});
