import type { Verdict } from "#lib/checks/verdict.ts";
import { matchMx } from "#lib/standards/mx-match.ts";
import { policyUrl, stsRecordName, tlsRptRecordName } from "#lib/standards/record-names.ts";
import { writeTlsRptRecord } from "#lib/standards/tls-rpt-record.ts";
import { type CheckedGroup, groupOf } from "./checked-group.ts";

/** What a step asks somebody to publish, exactly as it has to be. */
export type ToPublish =
  | { kind: "record"; name: string; value: string }
  | { kind: "file"; address: string; text: string };

/** One step on the way to enforce. `unknown`: we could not look, so that it is neither done nor undone. */
export interface Step {
  id: "tls-rpt" | "testing" | "cover-mx" | "mail-hosts" | "collect" | "enforce";
  title: string;
  state: "done" | "open" | "blocked" | "unknown";
  /** What was found that makes it so. */
  evidence: string;
  publish: ToPublish[];
}

/** What the steps are derived from. */
export interface ChecklistInput {
  domain: string;
  /** Null before the first lookup. */
  lookup: {
    verdicts: readonly Verdict[];
    mailHosts: readonly string[] | null;
    policy: { mode: "enforce" | "testing" | "none"; maxAge: number; mx: readonly string[] } | null;
    rua: readonly string[];
  } | null;
  /** Counted over the last 14 days; MTA-STS results only. */
  reports: { daysWithReport: number; reporters: number; failedSessions: number; topCause: string | null };
  /** Where this Sealpost takes reports for the domain, as `rua` values; empty while senders cannot reach it. */
  reportDestinations: readonly string[];
  /** The same before the inbox's address was changed, and until when that works; null when it never was. */
  previousInbox: { destinations: readonly string[]; until: Date } | null;
  now: Date;
}

/** Google advises two weeks of testing; reports of one reporter a day are enough to see them. */
export const DAYS_OF_REPORTS = 14;
/** Reports can miss a day or come late (standards.md B2.6). */
const DAYS_NEEDED = 10;

/** RFC 8461 §3.2 and §10.2: a week while testing, and a month once it is enforced and stable. */
const TESTING_MAX_AGE = 604_800;
const ENFORCE_MAX_AGE = 2_592_000;

/** The rollout's steps in order, each with its state and what it rests on. */
export function checklist(input: ChecklistInput): Step[] {
  const steps: Step[] = [
    ...[tlsRptStep(input), testingStep(input), coverStep(input), mailHostsStep(input), collectStep(input)],
  ];
  return [...steps, enforceStep(input, steps)];
}

function tlsRptStep({ domain, lookup, reportDestinations: ours, previousInbox, now }: ChecklistInput): Step {
  const step = { id: "tls-rpt", title: "Publish a TLS-RPT record" } as const;
  const group = groupOf(lookup?.verdicts ?? null, ["tls-rpt-record", "tls-rpt-destinations"]);
  const published = lookup?.rua ?? [];
  const outdated = previousInbox?.destinations.filter((uri) => published.includes(uri)) ?? [];
  // Microsoft sends to the first destination only (standards.md T7), so ours stand first.
  const here = ours.length > 0 ? ours : [`mailto:tls-reports@${domain}`];
  const others = published.filter((uri) => !here.includes(uri) && !outdated.includes(uri));
  const record: ToPublish = {
    kind: "record",
    name: tlsRptRecordName(domain),
    value: writeTlsRptRecord([...here, ...others]),
  };
  if (group.state !== "good") return { ...step, ...notGood(group), publish: group.state === "bad" ? [record] : [] };
  const done = { ...step, state: "done" as const, publish: [] };
  if (published.some((uri) => ours.includes(uri)))
    return { ...done, evidence: "The record is published, and reports come here." };
  if (previousInbox !== null && outdated.length > 0) {
    const until = previousInbox.until.toISOString().slice(0, 10);
    const works = previousInbox.until > now ? `works until ${until}` : `has not worked since ${until}`;
    const evidence = `The record names the inbox's address before the last change, which ${works}.`;
    return { ...step, state: "open", evidence, publish: [record] };
  }
  const evidence = `The record is published; reports go to ${published.join(" and ")}.`;
  if (ours.length === 0) return { ...done, evidence };
  return { ...done, evidence: `${evidence} Add this Sealpost to have them come here.`, publish: [record] };
}

function testingStep(input: ChecklistInput): Step {
  const step = { id: "testing", title: "Publish the policy in testing" } as const;
  const group = groupOf(input.lookup?.verdicts ?? null, [
    ...(["mta-sts-record", "mta-sts-host", "mta-sts-certificate", "mta-sts-fetch"] as const),
    ...(["mta-sts-policy", "mta-sts-mode"] as const),
  ]);
  const hosts = input.lookup?.mailHosts;
  if (hosts && hosts.length === 0) {
    return {
      ...step,
      state: "blocked",
      evidence: "The domain has no mail host, so there is nothing to protect.",
      publish: [],
    };
  }
  const publish = hosts ? policyToPublish(input, "testing", hosts) : [];
  if (group.state !== "good") return { ...step, ...notGood(group), publish: group.state === "bad" ? publish : [] };
  const mode = input.lookup?.policy?.mode;
  if (mode === "enforce" || mode === "testing") {
    return { ...step, state: "done", evidence: `The policy is published in mode ${mode}.`, publish: [] };
  }
  return { ...step, state: "open", evidence: "The policy says mode none: senders act as if there were none.", publish };
}

function coverStep(input: ChecklistInput): Step {
  const step = { id: "cover-mx", title: "Cover every mail host" } as const;
  const { lookup } = input;
  const policy = lookup?.policy;
  if (!lookup || !policy) {
    return { ...step, state: "blocked", evidence: "There is no policy yet that could cover them.", publish: [] };
  }
  if (lookup.mailHosts === null) {
    return { ...step, state: "unknown", evidence: "The mail hosts could not be looked up.", publish: [] };
  }
  const missing = lookup.mailHosts.filter((host) => !matchMx(policy.mx, host).matched);
  if (missing.length === 0) {
    const count = lookup.mailHosts.length;
    const evidence = count === 1 ? "The mail host is in the policy." : `All ${count} mail hosts are in the policy.`;
    return { ...step, state: "done", evidence, publish: [] };
  }
  const mode = policy.mode === "enforce" ? "enforce" : "testing";
  return {
    ...step,
    state: "open",
    evidence: `${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not in the policy${mode === "enforce" ? ", so senders refuse to deliver there" : ""}.`,
    publish: policyToPublish(input, mode, [...new Set([...policy.mx, ...missing])]),
  };
}

/** RFC 8461 §4.2 (M62): enforcing senders need STARTTLS and a certificate that names the host, at each of them. */
function mailHostsStep({ lookup, reports }: ChecklistInput): Step {
  const step = { id: "mail-hosts" as const, title: "Valid TLS at every mail host", publish: [] };
  const group = groupOf(lookup?.verdicts ?? null, ["mx-address", "starttls", "mx-certificate", "mx-tls"]);
  if (group.state === "good") {
    return {
      ...step,
      state: "done",
      evidence: "Each address offers STARTTLS with a certificate that is valid for its host.",
    };
  }
  if (group.state === "no-lookup") return { ...step, ...notGood(group) };
  const evidence = `${group.worst.subject}: ${group.worst.title}.`;
  if (group.state === "bad") return { ...step, state: "open", evidence };
  // Where our own network keeps us from port 25, those who did deliver are the better witnesses.
  if (reports.daysWithReport >= DAYS_NEEDED && reports.failedSessions === 0) {
    const witnesses = `In the reports of the last ${DAYS_OF_REPORTS} days no session failed.`;
    return { ...step, state: "done", evidence: `${witnesses} Sealpost itself could not see it all: ${evidence}` };
  }
  return { ...step, state: "unknown", evidence };
}

function collectStep({ reports, lookup }: ChecklistInput): Step {
  const step = { id: "collect" as const, title: `Collect reports for ${DAYS_OF_REPORTS} days`, publish: [] };
  const { daysWithReport, reporters } = reports;
  const from = reporters === 1 ? "1 reporter" : `${reporters} reporters`;
  const evidence = `Reports on MTA-STS for ${daysWithReport} of the last ${DAYS_OF_REPORTS} days, from ${from}.`;
  if (daysWithReport >= DAYS_NEEDED) return { ...step, state: "done", evidence };
  if (daysWithReport > 0) return { ...step, state: "open", evidence };
  if (!lookup?.policy)
    return { ...step, state: "blocked", evidence: "No report on MTA-STS comes before there is a policy." };
  return {
    ...step,
    state: "open",
    evidence: "No report on MTA-STS has come in the last 14 days. Senders write them once a day.",
  };
}

function enforceStep(input: ChecklistInput, before: readonly Step[]): Step {
  const step = { id: "enforce", title: "Enforce" } as const;
  const { lookup, reports } = input;
  if (lookup?.policy?.mode === "enforce") {
    return { ...step, state: "done", evidence: "The policy is published in mode enforce.", publish: [] };
  }
  const left = before.filter((other) => other.state !== "done");
  if (left.length > 0) {
    const steps = left.map((other) => `"${other.title}"`).join(" and ");
    return { ...step, state: "blocked", evidence: `First: ${steps}.`, publish: [] };
  }
  if (reports.failedSessions > 0) {
    const count = reports.failedSessions.toLocaleString("en");
    return {
      ...step,
      state: "blocked",
      evidence: `${count} ${reports.failedSessions === 1 ? "session" : "sessions"} failed in the last ${DAYS_OF_REPORTS} days${reports.topCause ? `, mostly: ${reports.topCause}` : ""}. Mail in them would have waited.`,
      publish: [],
    };
  }
  return {
    ...step,
    state: "open",
    evidence: "Every step before is done, and no session failed: the policy can be enforced.",
    publish: policyToPublish(input, "enforce", lookup?.policy?.mx ?? lookup?.mailHosts ?? []),
  };
}

/** RFC 8461 §8.3 (M74): the file first, the record's new id after it. */
function policyToPublish(
  { domain, now }: ChecklistInput,
  mode: "testing" | "enforce",
  mx: readonly string[],
): ToPublish[] {
  const maxAge = mode === "enforce" ? ENFORCE_MAX_AGE : TESTING_MAX_AGE;
  const lines = ["version: STSv1", `mode: ${mode}`, ...mx.map((pattern) => `mx: ${pattern}`), `max_age: ${maxAge}`];
  const id = now.toISOString().replace(/\D/g, "").slice(0, 14);
  return [
    { kind: "file", address: policyUrl(domain), text: `${lines.join("\r\n")}\r\n` },
    { kind: "record", name: stsRecordName(domain), value: `v=STSv1; id=${id};` },
  ];
}

function notGood(group: Exclude<CheckedGroup, { state: "good" }>): Pick<Step, "state" | "evidence"> {
  if (group.state === "bad") return { state: "open", evidence: `${group.worst.title}.` };
  if (group.state === "unseen") return { state: "unknown", evidence: `${group.worst.title}.` };
  return { state: "unknown", evidence: "The domain was not looked up yet." };
}

/** The page's first sentence: where the domain stands, from its steps. */
export function standing(name: string, steps: readonly Step[], problems: number): string {
  const enforced = steps.some((step) => step.id === "enforce" && step.state === "done");
  const left = steps.filter((step) => step.state !== "done").length;
  if (enforced && problems === 0) return `${name} enforces MTA-STS`;
  if (enforced) return `${name} enforces MTA-STS and has ${problems === 1 ? "a problem" : `${problems} problems`}`;
  if (steps.some((step) => step.state === "unknown")) return `${name}: what is published could not be seen in full`;
  if (left === 1 && steps.at(-1)?.state === "open") return `${name} is ready to enforce`;
  return `${name} is not ready to enforce: ${left === 1 ? "1 step" : `${left} steps`} left`;
}
