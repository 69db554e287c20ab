import { describe, expect, test } from "vitest";
import { causeOf, explainFailures } from "#lib/failures/cause.ts";
import type { Failure } from "#lib/standards/report-failure.ts";
import { RESULT_TYPES } from "#lib/standards/result-types.ts";
import { comesToAnEnd } from "#tests/unit/comes-to-an-end.ts";

const STRINGS = ["version: STSv1", "mode: enforce", "mx: mx1.example.com", "mx: *.relay.example", "max_age: 604800"];
const POLICY = { type: "sts", strings: STRINGS, mx: null };
const FAILURE = { resultType: "validation-failure", mx: "mx9.example.com", reason: null };

type Symptoms = Partial<Pick<Failure, "resultType" | "mx" | "reason">>;
interface Policy {
  type: string;
  strings: string[] | null;
  mx: string[] | null;
}

function outside(failure: Symptoms, policy: Partial<Policy>, why: string): void {
  test(`mx-not-in-policy: ${why}`, () => {
    expect(causeOf({ ...FAILURE, ...failure }, { ...POLICY, ...policy })).toBe("mx-not-in-policy");
  });
}

function asReported(failure: Symptoms, policy: Partial<Policy>, why: string): void {
  test(`as reported: ${why}`, () => {
    const symptoms = { ...FAILURE, ...failure };
    expect(causeOf(symptoms, { ...POLICY, ...policy })).toBe(symptoms.resultType);
  });
}

describe("an MX host that no pattern of the policy covers (standards.md A4.2, B2.5)", () => {
  outside({}, {}, "validation-failure at a host of no line");
  outside({ resultType: "certificate-host-mismatch" }, {}, "certificate-host-mismatch at a host of no line");
  outside({ mx: "a.b.relay.example" }, {}, "two labels where the asterisk is one (RFC 8461 §4.1)");
  outside({ mx: "relay.example" }, {}, "no label where the asterisk is one (RFC 8461 §4.1)");
  outside({}, { strings: null, mx: ["mx1.example.com"] }, "by mx-host, when there is no policy-string");
  outside({}, { strings: [], mx: ["mx1.example.com"] }, "by mx-host, when policy-string is empty");
  outside(
    {},
    { strings: ["version: STSv1", "mode: enforce"], mx: ["mx1.example.com"] },
    "by mx-host, when no line is an mx line",
  );
  outside({}, { strings: STRINGS, mx: ["mx9.example.com"] }, "by the policy's own lines before mx-host");
  outside({}, { strings: [STRINGS.join("\n")] }, "lines in one string");
  outside({}, { strings: [STRINGS.join("\r\n")] }, "lines in one string, with CRLF");
  outside(
    { mx: "mx1.example.com" },
    { strings: ["mx: mx1.example.com.", "mx:mx2.example.com"] },
    "a pattern with a root dot covers nothing",
  );
  outside({ resultType: "mx-mismatch" }, {}, "the token of the draft");
  outside(
    { resultType: "mx-mismatch", mx: null },
    { strings: null },
    "the token of the draft, with nothing to compare",
  );
  outside({ resultType: "MX Mismatch" }, {}, "free text as result type");
  outside({ reason: "mx-mismatch" }, { strings: null }, "a reason that says it");
  outside(
    { reason: "policy check failed: MX_MISMATCH (mx1.example.com)", mx: "mx1.example.com" },
    {},
    "a reason that says it among other words",
  );
  outside({ resultType: null, reason: "mx-mismatch" }, {}, "a reason that says it, without a result type");
});

describe("anything else", () => {
  asReported({ mx: "mx1.example.com" }, {}, "a host that stands in a line");
  asReported({ mx: "a.relay.example" }, {}, "a host that a wildcard covers");
  asReported({ mx: "mx2.example.com" }, { strings: ["mx:mx2.example.com"] }, "a line without a blank");
  asReported({ mx: "mx2.example.com" }, { strings: ["mx:   MX2.Example.com  "] }, "a line in capitals, with blanks");
  asReported(
    { mx: "mx1.example.com" },
    { strings: [STRINGS.join("\n")] },
    "a host that stands in one string of all lines",
  );
  asReported({ mx: "mx9.example.com" }, { strings: null, mx: ["mx9.example.com"] }, "a host that stands in mx-host");
  asReported({}, { strings: null, mx: null }, "a policy that is not told");
  asReported({}, { strings: [], mx: [] }, "a policy that is told empty");
  asReported({}, { strings: ["version: STSv1", "mode: none"], mx: null }, "a policy without patterns");
  asReported({ mx: null }, {}, "no MX host");
  asReported({ mx: "203.0.113.5" }, {}, "an address in place of a host");
  asReported({ mx: "[203.0.113.5]" }, {}, "an address literal in place of a host");
  asReported({ mx: "some host" }, {}, "what is no name");
  asReported({}, { type: "tlsa" }, "a DANE policy");
  asReported({}, { type: "no-policy-found" }, "no policy");
  asReported({ reason: "mx-mismatch" }, { type: "tlsa" }, "a DANE policy, whatever the reason says");
  asReported({ reason: "no mxmismatched" }, { strings: null }, "a longer word");
  asReported({ resultType: null }, {}, "no result type");
  for (const resultType of RESULT_TYPES) {
    if (resultType === "validation-failure" || resultType === "certificate-host-mismatch") continue;
    asReported({ resultType }, {}, `${resultType}, which says itself what it is`);
  }
});

test("each failure of a policy result is explained, and nothing else is changed", () => {
  const failure: Failure = {
    ...FAILURE,
    sendingIp: null,
    helo: null,
    receivingIp: "203.0.113.5",
    sessions: 3,
    additional: null,
  };
  const details = [failure, { ...failure, mx: "mx1.example.com" }, { ...failure, mx: "mx9.example.com", sessions: 1 }];
  const policy = { ...POLICY, domain: "example.com", successes: 1, failures: 7, details };
  const before = structuredClone(policy);
  const explained = explainFailures(policy);
  expect(explained.details.map(({ cause }) => cause)).toEqual([
    "mx-not-in-policy",
    "validation-failure",
    "mx-not-in-policy",
  ]);
  expect({ ...explained, details: explained.details.map(({ cause, ...rest }) => rest) }).toEqual(before);
});

describe("patterns and hosts are not compared each with each", () => {
  const make = (count: number, name: (i: number) => string) => Array.from({ length: count }, (_, i) => name(i));

  /** That so many hosts, none of which a pattern covers, are all explained. */
  function many(hosts: number, policy: Partial<Policy>, why: string): void {
    test(why, () => {
      const nothing = { sendingIp: null, helo: null, receivingIp: null, sessions: 1, additional: null };
      const details: Failure[] = make(hosts, (i) => `host${i}.example.net`).map((mx) => ({
        ...FAILURE,
        ...nothing,
        mx,
      }));
      const result = { ...POLICY, ...policy, domain: null, successes: 0, failures: hosts, details };
      const explained = comesToAnEnd(() => explainFailures(result));
      expect(new Set(explained.details.map(({ cause }) => cause))).toEqual(new Set(["mx-not-in-policy"]));
    });
  }
  const lines = make(20_000, (i) => `mx: mx${i}.example.com`);
  many(100_000, { strings: [lines.join("\n")] }, "20,000 in one string, with 100,000 hosts");
  many(100_000, { strings: null, mx: make(20_000, (i) => `mx${i}.example.com`) }, "20,000 in mx-host, with as many");
});
