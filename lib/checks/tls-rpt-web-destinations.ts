import type { DestinationFailure, HttpsDestinationFact } from "#lib/probes/https-destination.ts";
import { matchCertificate } from "#lib/standards/certificate-names.ts";
import { addressesOf, answerOf } from "./answers.ts";
import { judgeCertificate } from "./certificate.ts";
import { type Say, sayUnanswered } from "./finding.ts";
import type { WebDestinationFact } from "./gather.ts";
import type { Verdict } from "./verdict.ts";
import type { FindingCode } from "./wording.ts";

interface Fault {
  code: FindingCode;
  url: string;
  why: string;
}

/** Whether the `https:` destinations take reports, as far as can be seen without sending one (RFC 8460 §3, §5.4; T13). */
export function judgeWebDestinations(
  destinations: readonly WebDestinationFact[],
  checkedAt: string,
  say: Say,
): Verdict[] {
  const faults: Fault[] = [];
  const unknown = new Map<string, Verdict>();
  for (const { url, addresses, seen } of destinations) {
    if (seen !== null) {
      const fault = faultOf(seen, Date.parse(checkedAt));
      if (fault !== null) faults.push({ url, ...fault });
      continue;
    }
    const [fact] = addresses === null ? [] : addressesOf(addresses).unanswered;
    const answer = fact && answerOf(fact);
    if (fact && answer?.kind === "unanswered") unknown.set(answer.failure, sayUnanswered(say, fact, answer.failure));
    else faults.push({ url, code: "tls-rpt-destination-web-dead", why: "its host has no address" });
  }
  const told = [...Map.groupBy(faults, ({ code }) => code)].map(([code, all]) => {
    return say(code, { destinations: all.map(({ url }) => url), why: all.map(({ url, why }) => `${url}: ${why}`) });
  });
  return [...unknown.values(), ...told];
}

/** What a failure means; those of TLS and the answer are told apart by `faultOf`. */
const FAILURES: Readonly<Record<DestinationFailure, FindingCode>> = {
  "address-refused": "tls-rpt-destination-web-dead",
  "connection-refused": "tls-rpt-destination-web-dead",
  "connection-reset": "tls-rpt-destination-web-dead",
  "response-malformed": "tls-rpt-destination-web-dead",
  "response-incomplete": "tls-rpt-destination-web-dead",
  "url-malformed": "tls-rpt-destination-web-dead",
  "tls-handshake": "tls-rpt-destination-web-certificate",
  "port-not-probed": "tls-rpt-destination-web-port",
  "connection-timeout": "tls-rpt-destination-web-unseen",
  "network-unreachable": "tls-rpt-destination-web-unseen",
  "no-route-here": "tls-rpt-destination-web-unseen",
  "forbidden-here": "tls-rpt-destination-web-unseen",
  "tls-timeout": "tls-rpt-destination-web-unseen",
  "response-timeout": "tls-rpt-destination-web-unseen",
};

function faultOf({ host, tls, answer, failure }: HttpsDestinationFact, now: number): Omit<Fault, "url"> | null {
  if (failure !== null) return { code: FAILURES[failure.code], why: failure.detail };
  const [leaf] = tls?.chain ?? [];
  // T13: submitters may ignore this (RFC 8460 §3), but most do not.
  if (tls === null || leaf === undefined) return { code: "tls-rpt-destination-web-certificate", why: "it sends none" };
  if (tls.chainError !== null || !matchCertificate(host, leaf).matched) {
    const [first] = judgeCertificate(tls, leaf, host, now);
    const why = tls.chainError?.message ?? `it is not made out to ${host}`;
    return { code: "tls-rpt-destination-web-certificate", why: first?.fault === "expired" ? "it has expired" : why };
  }
  if (answer === null) return null;
  const { status, allow } = answer;
  const why = `status ${status}`;
  if (status >= 300 && status <= 399) return { code: "tls-rpt-destination-web-redirects", why };
  // 501 and 405 are honest answers to OPTIONS.
  if (status >= 500 && status !== 501) return { code: "tls-rpt-destination-web-fault", why };
  const methods = allow?.split(",").map((method) => method.trim().toUpperCase()) ?? [];
  if (methods.length > 0 && !methods.includes("POST")) {
    return { code: "tls-rpt-destination-web-no-post", why: `it allows ${allow}` };
  }
  const isUnsure = [401, 403, 404, 410, 429].includes(status);
  return isUnsure ? { code: "tls-rpt-destination-web-unsure", why } : null;
}
