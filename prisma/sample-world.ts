import { type MadeFailure, makeChance, makePolicy, makeReport, makeReportFile, type PolicyOptions } from "./seed.ts";

/** The domain of the sample data; `.example` belongs to nobody (RFC 2606 §2). */
export const SAMPLE_DOMAIN = "sample-mail.example";
/** Its mail hosts: the third was added and forgotten in the policy. */
export const SAMPLE_HOSTS = ["mx1", "mx2", "mx3"].map((host) => `${host}.${SAMPLE_DOMAIN}`);
export const SAMPLE_PATTERNS = SAMPLE_HOSTS.slice(0, 2);

const DAYS = 120;
// Days before today on which the story's events happen.
const CERTIFICATE_EXPIRED = 78;
const CERTIFICATE_RENEWED = 75;
const HOST_FORGOTTEN = 19;
const REPORTER_SILENT = 26;
/** The Saturday before this day, and its Sunday, were quiet: the office had moved, and hardly any mail came. */
const QUIET_WEEKEND = 45;

interface Reporter {
  organization: string;
  contact: string;
  /** Sessions on a working day. */
  sessions: number;
  ip: string;
  /** Also reports on DANE, about the same sessions (standards.md B2.4). */
  dane?: boolean;
  silentFrom?: number;
  /** Reports come this many days late. */
  delay: number;
}

const REPORTERS: readonly Reporter[] = [
  { organization: "Google Inc.", contact: "smtp-tls-reporting@google.com", sessions: 1900, ip: "192.0.2.10", delay: 1 },
  {
    ...{ organization: "Microsoft Corporation", contact: "tlsrpt-noreply@microsoft.com", sessions: 1400 },
    ...{ ip: "192.0.2.40", dane: true, delay: 2 },
  },
  { organization: "Mail.ru", contact: "tls_support@corp.mail.ru", sessions: 90, ip: "192.0.2.70", delay: 1 },
  { organization: "Comcast", contact: "tls-reports@comcast.example", sessions: 220, ip: "192.0.2.90", delay: 1 },
  {
    organization: "mx.nordwind.example",
    contact: "postmaster@nordwind.example",
    sessions: 35,
    ip: "192.0.2.120",
    delay: 1,
  },
  {
    ...{ organization: "Example University", contact: "tlsrpt@university.example", sessions: 130 },
    ...{ ip: "192.0.2.140", dane: true, silentFrom: REPORTER_SILENT, delay: 1 },
  },
  { organization: "Harbour Hosting", contact: "tlsrpt@harbour.example", sessions: 60, ip: "192.0.2.160", delay: 1 },
  {
    organization: "mox.lighthouse.example",
    contact: "postmaster@lighthouse.example",
    sessions: 15,
    ip: "192.0.2.180",
    delay: 1,
  },
];

/** 120 days of reports about the sample domain, as the files that senders would have sent until today. */
export function* makeSampleReports(now: Date): Generator<{ fileName: string; bytes: Buffer }> {
  const chance = makeChance(8460);
  for (let daysAgo = DAYS; daysAgo >= 1; daysAgo--) {
    const date = new Date(now.getTime() - daysAgo * 86_400_000);
    for (const reporter of REPORTERS) {
      const sessions = sessionsOf(reporter, date, daysAgo, chance);
      if (daysAgo < reporter.delay || daysAgo < (reporter.silentFrom ?? 0) || sessions === 0) continue;
      yield makeReportFile(sampleReport(reporter, date, daysAgo, sessions, chance));
    }
  }
}

function sessionsOf({ sessions }: Reporter, date: Date, daysAgo: number, chance: () => number): number {
  const weekday = date.getUTCDay();
  const isWeekend = weekday === 0 || weekday === 6;
  const isQuiet = isWeekend && daysAgo <= QUIET_WEEKEND && daysAgo > QUIET_WEEKEND - 7;
  const share = isQuiet ? 0.01 : isWeekend ? 0.3 : 1;
  return Math.round(sessions * share * (0.8 + 0.4 * chance()));
}

function sampleReport(reporter: Reporter, date: Date, daysAgo: number, sessions: number, chance: () => number) {
  const day = date.toISOString().slice(0, 10);
  const details = failuresOf(reporter, daysAgo, sessions, chance);
  const failures = details.reduce((sum, detail) => sum + detail["failed-session-count"], 0);
  const common: PolicyOptions = { domain: SAMPLE_DOMAIN, mx: SAMPLE_PATTERNS, successes: sessions - failures };
  const policies = [makePolicy({ ...common, type: "sts", mode: "testing", details })];
  // An expired certificate is no fault for DANE-EE (RFC 7672 §3.1.1): the same sessions succeed there.
  if (reporter.dane) policies.push(makePolicy({ ...common, type: "tlsa", domain: SAMPLE_DOMAIN, successes: sessions }));
  const id = `${day}T00:00:00Z_${SAMPLE_DOMAIN}`;
  return makeReport({ organization: reporter.organization, contact: reporter.contact, id, day, policies });
}

/** What went wrong that day, as this reporter saw it. */
function failuresOf(reporter: Reporter, daysAgo: number, sessions: number, chance: () => number): MadeFailure[] {
  const failures: MadeFailure[] = [];
  const add = (type: string, host: string | undefined, share: number, reason?: string) => {
    const count = Math.round(sessions * share * (0.7 + 0.6 * chance()));
    if (count === 0) return;
    failures.push({
      "result-type": type,
      "failed-session-count": count,
      "sending-mta-ip": reporter.ip,
      ...(host
        ? { "receiving-mx-hostname": host, "receiving-ip": `198.51.100.${SAMPLE_HOSTS.indexOf(host) + 1}` }
        : {}),
      ...(reason ? { "failure-reason-code": reason } : {}),
    });
  };
  if (daysAgo <= CERTIFICATE_EXPIRED && daysAgo > CERTIFICATE_RENEWED) {
    add("certificate-expired", SAMPLE_HOSTS[1], 0.22, "certificate has expired");
  }
  if (daysAgo <= HOST_FORGOTTEN) add("validation-failure", SAMPLE_HOSTS[2], 0.04);
  // The noise of the internet: now and then a handshake that breaks off.
  if (chance() < 0.15) add("starttls-not-supported", SAMPLE_HOSTS[0], 0.004);
  if (chance() < 0.05) add("sts-policy-fetch-error", undefined, 0.003, "context deadline exceeded");
  return failures;
}
