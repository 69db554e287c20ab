import { describe, expect, it } from "vitest";
import type { CheckName, Status, Verdict } from "#lib/checks/verdict.ts";
import { type ChecklistInput, checklist, type Step, standing } from "#lib/rollout/checklist.ts";

const CHECKS: CheckName[] = [
  ...([
    "mta-sts-record",
    "mta-sts-host",
    "mta-sts-certificate",
    "mta-sts-fetch",
    "mta-sts-policy",
    "mta-sts-mode",
  ] as const),
  ...(["mta-sts-mx", "tls-rpt-record", "tls-rpt-destinations"] as const),
  ...(["mx-address", "starttls", "mx-certificate", "mx-tls"] as const),
];

function verdicts(changed: Partial<Record<CheckName, Status>> = {}): Verdict[] {
  return CHECKS.map((check) => {
    const text = {
      code: "x",
      subject: "example.org",
      title: `What ${check} found`,
      detail: "",
      fix: null,
      reference: null,
    };
    return { check, status: changed[check] ?? "pass", ...text, evidence: {} };
  });
}

const HERE = "https://sealpost.example.org/api/tls-reports/token";
const HERE_BY_MAIL = "mailto:token@reports.example.net";
const BEFORE = "https://sealpost.example.org/api/tls-reports/before";

function input(
  changed: Partial<ChecklistInput> = {},
  lookup: Partial<NonNullable<ChecklistInput["lookup"]>> = {},
): ChecklistInput {
  return {
    domain: "example.org",
    lookup: {
      verdicts: verdicts(),
      mailHosts: ["mx1.example.org", "mx2.example.org"],
      policy: { mode: "testing", maxAge: 604_800, mx: ["mx1.example.org", "mx2.example.org"] },
      rua: [HERE],
      ...lookup,
    },
    reports: { daysWithReport: 14, reporters: 3, failedSessions: 0, topCause: null },
    reportDestinations: [HERE, HERE_BY_MAIL],
    previousInbox: null,
    now: new Date("2026-11-22T08:16:30Z"),
    ...changed,
  };
}

function step(steps: readonly Step[], id: Step["id"]): Step {
  const found = steps.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no step ${id}`);
  return found;
}

describe("states", () => {
  it.each([
    [input(), "done done done done done open", "all is well: enforce is next"],
    [
      input({}, { policy: { mode: "enforce", maxAge: 1, mx: ["mx1.example.org", "mx2.example.org"] } }),
      "done done done done done done",
      "enforced",
    ],
    [input({ lookup: null }), "unknown unknown blocked unknown done blocked", "not looked at yet"],
    [
      input({}, { verdicts: verdicts({ "tls-rpt-record": "fail" }), rua: [] }),
      "open done done done done blocked",
      "no TLS-RPT record",
    ],
    [
      input({}, { verdicts: verdicts({ "tls-rpt-record": "error" }), rua: [] }),
      "unknown done done done done blocked",
      "could not look: neither open nor done",
    ],
    [
      input({}, { verdicts: verdicts({ "tls-rpt-record": "warn" }) }),
      "done done done done done open",
      "a warning leaves a step done",
    ],
    [
      input({}, { verdicts: verdicts({ "mta-sts-record": "fail" }), policy: null }),
      "done open blocked done done blocked",
      "no policy",
    ],
    [
      input({}, { verdicts: verdicts({ "mta-sts-fetch": "error" }), policy: null }),
      "done unknown blocked done done blocked",
      "policy host silent",
    ],
    [input({}, { policy: { mode: "none", maxAge: 86_400, mx: [] } }), "done open open done done blocked", "mode none"],
    [input({}, { mailHosts: ["mx3.example.org"] }), "done done open done done blocked", "a host is missing"],
    [input({}, { mailHosts: null }), "done done unknown done done blocked", "MX could not be looked up"],
    [input({}, { mailHosts: [] }), "done blocked done done done blocked", "no mail at all"],
    [
      input({ reports: { daysWithReport: 9, reporters: 1, failedSessions: 0, topCause: null } }),
      "done done done done open blocked",
      "too few reports",
    ],
    [
      input({ reports: { daysWithReport: 0, reporters: 0, failedSessions: 0, topCause: null } }),
      "done done done done open blocked",
      "no report",
    ],
    [
      input({ reports: { daysWithReport: 14, reporters: 3, failedSessions: 1, topCause: "Certificate had expired" } }),
      "done done done done done blocked",
      "a session failed",
    ],
    [
      input({}, { verdicts: verdicts({ "mx-certificate": "fail" }) }),
      "done done done open done blocked",
      "M62: a certificate that senders refuse once it is enforced",
    ],
    [
      input({}, { verdicts: verdicts({ starttls: "error" }) }),
      "done done done done done open",
      "port 25 could not be reached, but two weeks of reports show no failure",
    ],
    [
      input(
        { reports: { daysWithReport: 9, reporters: 1, failedSessions: 0, topCause: null } },
        { verdicts: verdicts({ starttls: "error" }) },
      ),
      "done done done unknown open blocked",
      "port 25 could not be reached, and nobody else has said enough",
    ],
  ])("%#", (given, states, reason) => {
    expect(
      checklist(given)
        .map((one) => one.state)
        .join(" "),
      reason,
    ).toBe(states);
  });
});

describe("what to publish", () => {
  it("is a TLS-RPT record with this Sealpost first, and what is there kept behind it (T7)", () => {
    const steps = checklist(input({}, { rua: ["mailto:old@example.net"] }));
    const value = `v=TLSRPTv1; rua=${HERE},${HERE_BY_MAIL},mailto:old@example.net`;
    expect(step(steps, "tls-rpt").publish).toEqual([{ kind: "record", name: "_smtp._tls.example.org", value }]);
  });

  it("is a mailbox of the domain while senders cannot reach this Sealpost", () => {
    const given = input({ reportDestinations: [] }, { verdicts: verdicts({ "tls-rpt-record": "fail" }), rua: [] });
    expect(step(checklist(given), "tls-rpt").publish).toMatchObject([
      { value: "v=TLSRPTv1; rua=mailto:tls-reports@example.org" },
    ]);
  });

  it.each([
    ["2026-12-01", "which works until 2026-12-01"],
    ["2026-11-01", "which has not worked since 2026-11-01"],
  ])("is the inbox's new address in the place of the one before, which works until %s", (day, words) => {
    const previousInbox = { destinations: [BEFORE], until: new Date(`${day}T00:00:00Z`) };
    const found = step(checklist(input({ previousInbox }, { rua: [BEFORE, "mailto:old@example.net"] })), "tls-rpt");
    expect(found).toMatchObject({ state: "open", evidence: expect.stringContaining(words) });
    const value = `v=TLSRPTv1; rua=${HERE},${HERE_BY_MAIL},mailto:old@example.net`;
    expect(found.publish).toMatchObject([{ value }]);
  });

  it("is nothing for TLS-RPT when reports come here, or when we could not look", () => {
    expect(step(checklist(input()), "tls-rpt").publish).toEqual([]);
    expect(step(checklist(input({}, { rua: ["mailto:old@example.net", HERE_BY_MAIL] })), "tls-rpt").publish).toEqual(
      [],
    );
    const unseen = input({}, { verdicts: verdicts({ "tls-rpt-record": "error" }), rua: [] });
    expect(step(checklist(unseen), "tls-rpt").publish).toEqual([]);
  });

  it("is the policy with every mail host, CRLF-terminated, and after it the record with a new id (M74)", () => {
    const given = input({}, { verdicts: verdicts({ "mta-sts-record": "fail" }), policy: null });
    expect(step(checklist(given), "testing").publish).toEqual([
      {
        kind: "file",
        address: "https://mta-sts.example.org/.well-known/mta-sts.txt",
        text: "version: STSv1\r\nmode: testing\r\nmx: mx1.example.org\r\nmx: mx2.example.org\r\nmax_age: 604800\r\n",
      },
      { kind: "record", name: "_mta-sts.example.org", value: "v=STSv1; id=20261122081630;" },
    ]);
  });

  it("keeps the mode and the patterns when a host is added", () => {
    const given = input(
      {},
      { mailHosts: ["new.example.org"], policy: { mode: "enforce", maxAge: 1, mx: ["*.mx.example.org"] } },
    );
    const [file] = step(checklist(given), "cover-mx").publish;
    expect(file).toMatchObject({
      text: expect.stringContaining("mode: enforce\r\nmx: *.mx.example.org\r\nmx: new.example.org\r\n"),
    });
    expect(step(checklist(given), "cover-mx").evidence).toContain("senders refuse to deliver there");
  });

  it("is the policy in enforce once everything before is done", () => {
    const [file] = step(checklist(input()), "enforce").publish;
    expect(file).toMatchObject({ text: expect.stringContaining("mode: enforce\r\n") });
  });
});

describe("standing", () => {
  it.each([
    [input(), 0, "example.org is ready to enforce"],
    [input({}, { mailHosts: ["mx3.example.org"] }), 1, "example.org is not ready to enforce: 2 steps left"],
    [input({}, { mailHosts: null }), 0, "example.org: what is published could not be seen in full"],
    [
      input({ reports: { daysWithReport: 14, reporters: 3, failedSessions: 1, topCause: null } }),
      0,
      "example.org is not ready to enforce: 1 step left",
    ],
  ])("%#", (given, problems, sentence) => {
    expect(standing("example.org", checklist(given), problems)).toBe(sentence);
  });

  it("tells enforced from enforced with problems", () => {
    const enforced = checklist(
      input({}, { policy: { mode: "enforce", maxAge: 1, mx: ["mx1.example.org", "mx2.example.org"] } }),
    );
    expect(standing("example.org", enforced, 0)).toBe("example.org enforces MTA-STS");
    expect(standing("example.org", enforced, 2)).toBe("example.org enforces MTA-STS and has 2 problems");
  });
});
