import type { Facts } from "#lib/checks/gather.ts";
import type { InsideFailure, OutwardFact, SmtpFact, StarttlsFact } from "#lib/probes/smtp-fact.ts";
import { type Outcome, table } from "./case.ts";
import { addressesAt, mailHost, mxOf, silent, spoken } from "./facts.ts";

const { cases, when } = table();

export { cases };

const MX1 = "mx1.example.org";
const AT = `@${MX1} [192.0.2.25]` as const;
const AT6 = `@${MX1} [2001:db8::25]` as const;

/** One mail host with the addresses of these dialogues. */
const hostWith = (...smtp: SmtpFact[]): Partial<Facts> => {
  const all = smtp.map(({ address }) => address);
  const addresses = addressesAt(
    MX1,
    all.filter((one) => !one.includes(":")),
    all.filter((one) => one.includes(":")),
  );
  return { mx: mxOf(MX1), mailHosts: [mailHost(MX1, 10, { addresses })], smtp };
};

const without = (
  state: StarttlsFact["state"],
  reply: [number, string] | null = null,
  changes: Partial<SmtpFact> = {},
) => {
  const answered = reply && { code: reply[0], lines: [reply[1]] };
  const starttls = { state, reply: answered, detail: reply === null ? "test" : null };
  const nothing = { tls: null, keywordsInside: null, withoutSni: null, versions: [], injection: null };
  return spoken(MX1, "192.0.2.25", { ...nothing, starttls, ...changes });
};

// starttls (RFC 3207; M62, M65, S2 to S5, Q1)
{
  const spoke = (fact: SmtpFact, outcomes: Outcome[], why: string, outward: OutwardFact | null = null) =>
    when("starttls", { ...hostWith(fact), outward }, outcomes, why);
  const up = (changes: Partial<SmtpFact>) => spoken(MX1, "192.0.2.25", changes);
  const only = (code: string, status = "fail"): Outcome[] => [`${status} starttls-${code} ${AT}` as Outcome];

  spoke(up({}), only("established", "pass"), "TLS came up");
  spoke(up({ keywordsInside: [] }), only("established", "pass"), "Q1: without REQUIRETLS");
  spoke(without("not-offered"), only("not-offered"), "S2: not offered");
  spoke(without("not-offered", null, { keywords: [] }), only("not-offered"), "S2: no keyword at all");
  spoke(without("not-offered", null, { keywords: ["SIZE", "XXXXXXXA"] }), only("masked"), "D2: stripped on the way");
  spoke(without("not-offered", null, { keywords: ["XCLIENT", "XX"] }), only("not-offered"), "X keywords of its own");
  spoke(without("temporary", [454, "TLS not available"]), only("temporary"), "S2: 454 is not: not offered");
  spoke(
    without("temporary", [454, "later"], { keywords: ["STARTTLS", "XXXXXXXB"] }),
    only("temporary"),
    "D2: what is masked is another keyword",
  );
  spoke(without("refused", [502, "no"]), only("reply-refused"), "S2: offered, then refused");
  spoke(without("refused"), only("no-reply", "error"), "S2: offered, then silence");
  spoke(without("handshake-failed", [220, "go"]), only("handshake-failed"), "no handshake");
  spoke(up({ injection: "processed" }), only("injection"), "S3: acted upon");
  spoke(up({ injection: "refused" }), only("established", "pass"), "S3: refused");
  spoke(up({ injection: "unknown" }), only("established", "pass"), "S3: not known");
  spoke(up({ keywordsInside: ["STARTTLS"] }), only("offered-inside", "warn"), "S4: offered again");
  spoke(up({ keywordsInside: ["starttls"] }), only("offered-inside", "warn"), "S4: keywords have no case");
  spoke(up({ keywordsInside: ["XSTARTTLS", "STARTTLSX"] }), only("established", "pass"), "S4: other keywords");
  spoke(up({ keywordsInside: null }), only("silent-inside", "error"), "S5: no answer inside TLS, and no reason kept");
  const inside = (failure: InsideFailure["code"], code: number | null, suffix: string, status: string) => {
    const reply = code === null ? null : { code, lines: ["test"] };
    const failureInside = { code: failure, detail: "test", reply };
    const why = `S5: inside TLS ${failure} ${code ?? ""}`;
    spoke(up({ keywordsInside: null, failureInside }), only(suffix, status), why);
  };
  inside("connection-reset", null, "silent-inside", "error");
  inside("reply-timeout", null, "silent-inside", "error");
  inside("reply-malformed", null, "malformed-inside", "error");
  inside("ehlo-temporary", 421, "temporary-inside", "error");
  inside("ehlo-refused", 500, "ehlo-unknown-inside", "fail");
  inside("ehlo-refused", 502, "ehlo-unknown-inside", "fail");
  inside("ehlo-refused", 550, "refused-inside", "fail");
  inside("ehlo-refused", 554, "refused-inside", "fail");
  inside("certificate-demanded", null, "certificate-demanded", "fail");
  spoke(
    up({ injection: "processed", keywordsInside: ["STARTTLS"] }),
    [...only("injection"), ...only("offered-inside", "warn")],
    "S3 and S4",
  );

  // Unreachable, refused, put off, closed from here and not offered stay apart.
  const closed: OutwardFact = { port25: "closed", tried: [] };
  const open: OutwardFact = { port25: "open", tried: [] };
  const unknown: OutwardFact = { port25: null, tried: [] };
  spoke(silent(MX1, "connection-refused"), only("connection-refused"), "nothing listens");
  spoke(silent(MX1, "connection-refused"), only("connection-refused"), "nothing listens, others can be reached", open);
  spoke(silent(MX1, "connection-timeout"), only("connection-timeout", "error"), "no answer");
  spoke(
    silent(MX1, "connection-timeout"),
    only("connection-timeout", "error"),
    "no answer, others can be reached",
    open,
  );
  spoke(silent(MX1, "connection-timeout"), only("connection-timeout", "error"), "no answer, others unknown", unknown);
  spoke(silent(MX1, "connection-reset"), only("connection-reset", "error"), "reset");
  spoke(silent(MX1, "network-unreachable"), only("network-unreachable", "error"), "no way");
  spoke(silent(MX1, "reply-timeout"), only("reply-timeout", "error"), "no greeting");
  spoke(silent(MX1, "no-route-here"), only("no-route-here", "skipped"), "no IPv6 here");
  spoke(silent(MX1, "forbidden-here"), only("forbidden-here", "error"), "our own firewall");
  spoke(silent(MX1, "address-refused"), only("private-address"), "the guard refused");
  spoke(silent(MX1, "reply-malformed"), only("reply-malformed"), "no SMTP");
  spoke(silent(MX1, "ehlo-refused"), only("ehlo-refused", "error"), "EHLO refused");
  spoke(silent(MX1, "ehlo-temporary"), only("ehlo-temporary", "error"), "EHLO answered with 4xx");
  const greeted = (code: number, line: string) => ({ greeting: { code, lines: [line] } });
  spoke(
    { ...silent(MX1, "greeting-temporary"), ...greeted(421, "later") },
    only("greeting-temporary", "error"),
    "greylisted",
  );
  spoke({ ...silent(MX1, "greeting-refused"), ...greeted(554, "") }, only("greeting-refused", "error"), "turned away");
  for (const code of ["connection-refused", "connection-timeout", "connection-reset", "network-unreachable"] as const) {
    spoke(silent(MX1, code), only("port-closed-here", "error"), `closed from here, seen as ${code}`, closed);
  }
  for (const code of ["reply-timeout", "forbidden-here"] as const) {
    spoke(silent(MX1, code), only(code, "error"), `${code} is no closed port`, closed);
  }
  spoke(silent(MX1, "no-route-here"), only("no-route-here", "skipped"), "no IPv6 is no closed port", closed);

  when(
    "starttls",
    hostWith(spoken(MX1), silent(MX1, "connection-refused", "2001:db8::25")),
    [`pass starttls-established ${AT}`, `fail starttls-connection-refused ${AT6}`],
    "M65: half reachable, each address has its verdict",
  );
  when(
    "starttls",
    { ...hostWith(spoken(MX1)), mailHosts: hostWith(spoken(MX1), spoken(MX1, "192.0.2.26")).mailHosts ?? [] },
    [`pass starttls-established ${AT}`, `info starttls-addresses-unlooked @${MX1}`],
    "M65: more addresses than were spoken with",
  );
  when("starttls", hostWith(spoken(MX1), spoken(MX1)), only("established", "pass"), "an address that stands twice");
  when(
    "starttls",
    hostWith(spoken(MX1, "192.0.2.25", { starttls: null })),
    ["error check-crashed"],
    "contradicting facts",
  );
  when(
    "starttls",
    hostWith(spoken(MX1, "192.0.2.25", { tls: null })),
    ["error check-crashed"],
    "contradicting facts 2",
  );
}

// What is skipped where TLS did not come up.
for (const check of ["mx-certificate", "mx-tls"] as const) {
  const skips = (fact: SmtpFact, skip: string, why: string, outward: OutwardFact | null = null) =>
    when(check, { ...hostWith(fact), outward }, [`skipped skipped-after-${skip} ${AT}`], why);
  skips(without("not-offered"), "fail", "STARTTLS is not offered");
  skips(without("handshake-failed"), "fail", "the handshake failed");
  skips(silent(MX1, "connection-refused"), "fail", "nothing listens");
  skips(silent(MX1, "connection-timeout"), "error", "no answer");
  skips(silent(MX1, "connection-refused"), "error", "port 25 is closed from here", { port25: "closed", tried: [] });
  skips(silent(MX1, "no-route-here"), "skip", "no IPv6 here");
}
