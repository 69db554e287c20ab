import type { PolicyFetchFact } from "#lib/probes/policy-fact.ts";
import { about } from "./finding.ts";
import type { Facts } from "./gather.ts";
import { isCertificateRefused, judgePolicyCertificate } from "./mta-sts-certificate.ts";
import { judgePolicyAnswer } from "./policy-answer.ts";
import { comparePolicies, type Serving } from "./policy-comparison.ts";
import type { Verdict } from "./verdict.ts";
import { OTHERS_SERVE } from "./wording-sts-addresses.ts";
import { fill } from "./words.ts";

/** One fetch that was made at a known address, and what is to be said of its answer and its certificate. */
interface Seen {
  address: string;
  fact: PolicyFetchFact;
  said: Verdict[];
}

/**
 * What the other addresses of the policy host do than the one that the policy was fetched from: senders choose freely
 * among them (standards.md D2, fault class 1). A fault that the whole host has is not told again for each address.
 * @param answer what is said of the answer that the policy was fetched with
 */
export function judgePolicyAddresses(
  {
    checkedAt,
    policyFetch,
    policyFetches,
  }: Pick<Facts, "checkedAt" | "policyFetches"> & { policyFetch: PolicyFetchFact },
  answer: readonly Verdict[],
): Verdict[] {
  const { host, address: first } = policyFetch;
  const say = about("mta-sts-fetch", host);
  const certificateOf = (fact: PolicyFetchFact) => judgePolicyCertificate(checkedAt, fact);
  const said = [...answer, ...certificateOf(policyFetch)];
  const known = new Set(said.map(({ code }) => code));
  const all = fetchesOf(policyFetch, policyFetches).map(({ address, fact }) => {
    return { address, fact, said: [...judgePolicyAnswer(fact, say), ...certificateOf(fact)] };
  });
  const others = all.filter(({ address }) => address !== first);
  const serving = servingOf(first === null ? all : [{ address: first, fact: policyFetch, said }, ...all]);
  const places = [...new Set(serving.map(({ address }) => address))];

  const verdicts = others.flatMap((one) => {
    if (isUnconnected(one.fact)) return places.length > 0 ? judgeConnection(one, places) : [];
    const wrong = one.said.filter(({ status, code }) => (status === "fail" || status === "warn") && !known.has(code));
    return wrong.map((verdict) => movedTo(one.address, verdict, places));
  });
  if (places.length > 0 && said.some(isAgainst)) verdicts.push(say("sts-fetch-others-serve", { serving: places }));
  // Those tried before the first connection are told under mta-sts-host.
  const told = policyFetch.attempts.map(({ address }) => address);
  const refused = failedBy(others, "address-refused").filter((address) => !told.includes(address));
  if (refused.length > 0) verdicts.push(say("sts-host-some-private", { refused }));
  const unseen = failedBy(others, "network-unreachable", "no-route-here", "forbidden-here");
  if (unseen.length > 0 && places.length > 0) {
    verdicts.push(say("sts-fetch-address-unseen", { unseen, families: familiesOf(unseen), serving: places }));
  }
  return [...verdicts, ...comparePolicies(serving, host)];
}

/** One fetch per address; facts of older lookups know of others only from the attempts before the connection. */
function fetchesOf(policyFetch: PolicyFetchFact, policyFetches: readonly PolicyFetchFact[]): Omit<Seen, "said">[] {
  const each = policyFetches.flatMap((fact) => {
    const address = fact.address ?? fact.attempts.at(-1)?.address;
    return address === undefined ? [] : [{ address, fact }];
  });
  if (each.length > 0) return each;
  return policyFetch.attempts.map((attempt) => {
    const failure = { code: attempt.failure, detail: attempt.detail };
    const nothing = { address: null, tls: null, legacyVersions: null, withoutSni: null, http: null };
    return { address: attempt.address, fact: { ...policyFetch, ...nothing, attempts: [attempt], failure } };
  });
}

function servingOf(all: readonly Seen[]): Serving[] {
  return all.flatMap(({ address, fact: { http, tls }, said }) => {
    return http === null || tls === null || said.some(isAgainst) ? [] : [{ address, body: http.body, tls }];
  });
}

function isAgainst({ status }: Verdict): boolean {
  return status === "fail" || status === "error";
}

function failedBy(all: readonly Seen[], ...codes: string[]): string[] {
  return all.filter(({ fact }) => codes.includes(fact.failure?.code ?? "")).map(({ address }) => address);
}

/** True where it did not come to TLS, for reasons that say nothing about the certificate. */
function isUnconnected(fact: PolicyFetchFact): boolean {
  return fact.tls === null && fact.failure !== null && !isCertificateRefused(fact);
}

const PROBLEMS: Readonly<Record<string, string>> = {
  "connection-refused": "refuses the connection",
  "connection-reset": "breaks the connection off",
  "connection-timeout": "does not answer",
  "tls-timeout": "takes the connection and then says nothing",
};

/** An address with which there is no connection, while others serve. */
function judgeConnection({ address, fact }: Seen, serving: string[]): Verdict[] {
  const { host } = fact;
  const say = about("mta-sts-fetch", `${host} [${address}]`);
  const code = fact.failure?.code ?? "";
  const problem = PROBLEMS[code];
  if (problem === undefined) return [];
  const family = familyOf(address);
  const evidence = { host, address, family, serving, problem, error: fact.failure?.detail };
  const isDefinite = code === "connection-refused" || code === "connection-reset";
  const isWholeFamily = serving.every((other) => familyOf(other) !== family);
  if (isWholeFamily && family === "IPv6") return [say("sts-fetch-ipv6-fails", evidence)];
  // A silence over IPv4 alone can be the firewall of this machine, and most mail goes over IPv4.
  if (isWholeFamily && isDefinite) return [say("sts-fetch-ipv4-fails", evidence)];
  return [say(isDefinite ? "sts-fetch-address-refuses" : "sts-fetch-address-silent", evidence)];
}

/** A finding about the host, made one about an address of it. */
function movedTo(address: string, verdict: Verdict, serving: string[]): Verdict {
  const subject = `${verdict.subject} [${address}]`;
  const others = serving.filter((other) => other !== address);
  const place = { address, family: familyOf(address), serving: others };
  const beside = others.length > 0 ? ` ${fill(OTHERS_SERVE, place)}` : "";
  const evidence = { ...verdict.evidence, subject, ...place };
  return { ...verdict, check: "mta-sts-fetch", subject, detail: `${verdict.detail}${beside}`, evidence };
}

function familyOf(address: string): "IPv4" | "IPv6" {
  return address.includes(":") ? "IPv6" : "IPv4";
}

function familiesOf(addresses: readonly string[]): string {
  return [...new Set(addresses.map(familyOf))].toSorted().join(" and ");
}
