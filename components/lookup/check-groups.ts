import { type CheckName, type Status, type Verdict, worstStatus } from "#lib/checks/verdict.ts";

export interface CheckGroup {
  id: string;
  title: string;
  about: string;
  checks: readonly CheckName[];
}

/** The checks about mail hosts whose verdicts are put together host by host: first what the DNS tells, then the hosts. */
export const HOST_CHECKS = ["mx-address", "starttls", "mx-certificate", "mx-tls"] as const satisfies CheckName[];

/** How a lookup's page groups the checks by their subject, and what each group is about. */
export const CHECK_GROUPS = [
  {
    id: "outcome",
    title: "Outcome",
    about:
      "What becomes of mail at each address: from senders that follow MTA-STS, from those that follow DANE, and from all others, which take TLS where it is offered.",
    checks: ["outcome"],
  },
  {
    id: "mail-hosts",
    title: "Mail hosts",
    about: "Where mail for the domain goes, and how each host receives it.",
    checks: ["mx", ...HOST_CHECKS],
  },
  {
    id: "mta-sts",
    title: "MTA-STS",
    about: "Whether senders have to use TLS with a valid certificate, and give up otherwise.",
    checks: [
      "mta-sts-record",
      "mta-sts-host",
      "mta-sts-certificate",
      "mta-sts-fetch",
      "mta-sts-policy",
      "mta-sts-mode",
      "mta-sts-max-age",
      "mta-sts-mx",
      "mta-sts-id",
    ],
  },
  {
    id: "dane",
    title: "DANE and DNSSEC",
    about: "Whether signed DNS tells senders which certificates the mail hosts use.",
    checks: ["dnssec", "dane-records", "dane-match"],
  },
  {
    id: "tls-rpt",
    title: "TLS-RPT",
    about: "Whether senders report failures, and to whom.",
    checks: ["tls-rpt-record", "tls-rpt-destinations", "tls-rpt-hosts"],
  },
] as const satisfies CheckGroup[];

/**
 * "2 problems, 1 finding needs attention."; a sentence for a lookup that found nothing to do. The outcome is what the
 * other findings come to, and is not counted again; nor is the same finding at another address.
 */
export function summaryOf(verdicts: readonly Verdict[]): { status: Status; sentence: string } {
  const found = (status: Status) =>
    verdicts.filter((verdict) => verdict.check !== "outcome" && verdict.status === status);
  const count = (status: Status) => new Set(found(status).map(({ check, code }) => `${check} ${code}`)).size;
  const [fail, warn, error] = [count("fail"), count("warn"), count("error")];
  const parts = [
    fail > 0 && `${fail} ${fail === 1 ? "problem" : "problems"}`,
    warn > 0 && `${warn} ${warn === 1 ? "finding needs" : "findings need"} attention`,
    error > 0 && `${error} ${error === 1 ? "check" : "checks"} could not be made`,
  ].filter((part) => part !== false);
  if (parts.length > 0) {
    const status = worstStatus(verdicts.map((verdict) => verdict.status)) ?? "error";
    return { status, sentence: `${parts.join(", ")}.` };
  }
  if (count("pass") === 0) return { status: "info", sentence: "There was nothing to judge." };
  // What was not tested is never green.
  return count("skipped") > 0
    ? { status: "info", sentence: "No problem was found in what could be tested." }
    : { status: "pass", sentence: "No problem was found." };
}

/** The one sentence about what becomes of mail, without its full stop; null where that was not judged. */
export function headlineOf(verdicts: readonly Verdict[]): string | null {
  const outcome = verdicts.find((verdict) => verdict.check === "outcome");
  return outcome === undefined || outcome.status === "skipped" ? null : outcome.title;
}
