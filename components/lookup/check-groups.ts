import type { CheckName, Status, Verdict } from "#lib/checks/verdict.ts";

/** How a lookup's page groups the checks, and what each group is about. */
export const CHECK_GROUPS: readonly { title: string; about: string; checks: readonly CheckName[] }[] = [
  { title: "Mail hosts", about: "Where mail for the domain goes.", checks: ["mx"] },
  {
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
    ],
  },
  {
    title: "TLS-RPT",
    about: "Whether senders report failures, and to whom.",
    checks: ["tls-rpt-record", "tls-rpt-destinations"],
  },
];

/** "2 problems, 1 needs attention"; a sentence for a lookup that found nothing to do. */
export function summaryOf(verdicts: readonly Verdict[]): { status: Status; sentence: string } {
  const count = (status: Status) => verdicts.filter((verdict) => verdict.status === status).length;
  const [fail, warn, error] = [count("fail"), count("warn"), count("error")];
  const parts = [
    fail > 0 && `${fail} ${fail === 1 ? "problem" : "problems"}`,
    warn > 0 && `${warn} ${warn === 1 ? "finding needs" : "findings need"} attention`,
    error > 0 && `${error} ${error === 1 ? "check" : "checks"} could not be made`,
  ].filter((part) => part !== false);
  if (parts.length > 0) {
    return {
      status: fail > 0 ? "fail" : warn > 0 && error === 0 ? "warn" : error > 0 ? "error" : "warn",
      sentence: `${parts.join(", ")}.`,
    };
  }
  const passed = count("pass") > 0;
  return passed
    ? { status: "pass", sentence: "No problem was found." }
    : { status: "info", sentence: "There was nothing to judge." };
}
