import { type Asked, type Asking, ask } from "./dns-ask.ts";
import type { DnsFact, DnsFailure, DnsType, MxRecord, TxtRecord } from "./dns-fact.ts";
import { type DnsAnswer, RCODE, recordsOf } from "./dns-message.ts";
import { normalName, unaskable } from "./dns-name.ts";
import type { DnsRecords } from "./dns-rdata.ts";
import { parseResolver } from "./dns-resolvers.ts";
import { asSignature, firstToEnd, signatureOver, type Validity } from "./dns-signature.ts";
import { LIMITS, MAX_CNAME_HOPS, MAX_DNS_QUESTIONS, type ProbeLimits } from "./limits.ts";
import type { ProbeSettings } from "./probe-settings.ts";

/** Answers questions about names. Nothing here throws for what the network does: a failure is part of the fact. */
export interface Resolver {
  a(name: string): Promise<DnsFact<string>>;
  aaaa(name: string): Promise<DnsFact<string>>;
  cname(name: string): Promise<DnsFact<string>>;
  mx(name: string): Promise<DnsFact<MxRecord>>;
  txt(name: string): Promise<DnsFact<TxtRecord>>;
  /** Any type that Sealpost knows. */
  resolve<T extends DnsType>(name: string, type: T): Promise<DnsFact<DnsRecords[T]>>;
}

export interface ProbeOptions {
  limits?: ProbeLimits;
  /** Ends every question; each then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/**
 * A resolver for one lookup: the same question is asked once, and the answer kept as long as the object lives.
 * @throws TypeError when a resolver in the settings cannot be read (the settings are validated with `parseResolver`)
 */
export function createResolver(settings: ProbeSettings, options: ProbeOptions = {}): Resolver {
  const limits = options.limits ?? LIMITS;
  const asking: Asking = {
    resolvers: settings.resolvers.map(readResolver),
    extraRoots: settings.extraRoots,
    tries: limits.dnsTries,
    edns: new Map(),
    signal: options.signal,
  };
  const turn = limitConcurrency(MAX_DNS_QUESTIONS);
  const facts = new Map<string, Promise<DnsFact<unknown>>>();

  function resolve<T extends DnsType>(name: string, type: T): Promise<DnsFact<DnsRecords[T]>> {
    const normal = normalName(name);
    const key = `${type} ${normal}`;
    const known = facts.get(key) as Promise<DnsFact<DnsRecords[T]>> | undefined; // the key names the type
    if (known !== undefined) return known;
    const fact = turn(() => lookUp(normal, type, asking, limits.dnsTotal));
    facts.set(key, fact);
    return fact;
  }

  return {
    resolve,
    a: (name) => resolve(name, "A"),
    aaaa: (name) => resolve(name, "AAAA"),
    cname: (name) => resolve(name, "CNAME"),
    mx: (name) => resolve(name, "MX"),
    txt: (name) => resolve(name, "TXT"),
  };
}

/** Where the search along CNAMEs stands. */
interface Path {
  current: string;
  chain: string[];
  ttl: number;
  /** Of the records seen so far, that which runs out first. */
  signature: Validity | null;
}

type Found<T> = DnsFact<T>["result"];

async function lookUp<T extends DnsType>(
  name: string,
  type: T,
  asking: Asking,
  total: number,
): Promise<DnsFact<DnsRecords[T]>> {
  const started = performance.now();
  const path: Path = { current: name, chain: [], ttl: Number.POSITIVE_INFINITY, signature: null };
  let authenticated = true;
  let resolver = "";
  let answeredUnchecked: boolean | undefined;
  let result: Found<DnsRecords[T]> | null = refuseName(name);
  while (result === null) {
    const left = () => total - (performance.now() - started);
    let asked: Asked = await ask({ name: path.current, type }, asking, left);
    if (!asked.ok && asked.failure === "servfail") {
      answeredUnchecked = await answersUnchecked(path.current, type, asking, asked.resolver);
      // A fault of one moment would look the same, so that the question is asked once more before it is called bogus.
      if (answeredUnchecked) asked = await ask({ name: path.current, type }, asking, left);
    }
    resolver = asked.resolver;
    if (!asked.ok) {
      result = failure(asked.failure, asked.detail);
      break;
    }
    answeredUnchecked = undefined;
    authenticated &&= asked.answer.authenticated;
    result = walk(asked.answer, name, type, path);
  }
  const couldNotLook = !result.ok && result.failure !== "no-such-name" && result.failure !== "no-data";
  const isVouchedFor = authenticated && resolver !== "" && !couldNotLook;
  return {
    name,
    type,
    chain: path.chain,
    authenticated: isVouchedFor,
    ...(answeredUnchecked === undefined ? {} : { answeredUnchecked }),
    // Without validation anybody could have written it.
    ...(isVouchedFor && result.ok && path.signature ? { signature: asSignature(path.signature) } : {}),
    resolver,
    milliseconds: Math.round(performance.now() - started),
    result,
  };
}

/** Whether a question that a resolver answered with SERVFAIL has an answer for those who do not validate. */
async function answersUnchecked(name: string, type: DnsType, asking: Asking, resolver: string): Promise<boolean> {
  const patience = asking.tries[0] ?? 0;
  const resolvers = asking.resolvers.filter(({ label }) => label === resolver);
  const asked = await ask({ name, type, unchecked: true }, { ...asking, resolvers, tries: [patience] }, () => patience);
  return asked.ok;
}

/**
 * Follows the CNAMEs within one answer (RFC 1034 §4.3.2).
 * @returns the result, or null when the answer ends in a name that has to be asked for by itself
 */
function walk<T extends DnsType>(answer: DnsAnswer, name: string, type: T, path: Path): Found<DnsRecords[T]> | null {
  const unreadable = failure("malformed", "the answer holds a record that does not have the form of its type");
  const now = Math.floor(Date.now() / 1000);
  const keepSignature = (of: DnsType) => {
    path.signature = firstToEnd(path.signature, signatureOver(answer, path.current, of, now));
  };
  for (let followed = 0; ; followed++) {
    const wanted = recordsOf(answer, path.current, type);
    if (!wanted) return unreadable;
    if (wanted.records.length > 0) {
      keepSignature(type);
      return { ok: true, records: wanted.records, ttl: Math.min(path.ttl, wanted.ttl) };
    }
    const alias = type === "CNAME" ? { records: [], ttl: 0 } : recordsOf(answer, path.current, "CNAME");
    if (!alias) return unreadable;
    const [target] = alias.records;
    if (target === undefined) {
      // RFC 6604 §3: with CNAMEs in the answer, NXDOMAIN speaks of the last name.
      if (answer.rcode === RCODE.nxDomain) return failure("no-such-name", `${path.current} does not exist (NXDOMAIN)`);
      // A server that is not a resolver gives only the CNAME. A SOA says that the end was reached (RFC 2308 §2.2).
      if (followed > 0 && !answer.soa) return null;
      return failure("no-data", `${path.current} has no ${type} record`);
    }
    if (target === name || path.chain.includes(target)) {
      return failure("chain-loop", `${path.current} is an alias of ${target}, which leads back to it`);
    }
    if (path.chain.length === MAX_CNAME_HOPS) {
      return failure("chain-too-long", `more than ${MAX_CNAME_HOPS} aliases, the last is ${target}`);
    }
    keepSignature("CNAME");
    path.chain.push(target);
    path.ttl = Math.min(path.ttl, alias.ttl);
    path.current = target;
    const refused = refuseName(target);
    if (refused) return refused;
  }
}

function refuseName(name: string): { ok: false; failure: DnsFailure; detail: string } | null {
  const why = unaskable(name);
  if (why === "too-long") return failure("no-such-name", `${name} is longer than a name can be (RFC 1035 §2.3.4)`);
  if (why === "not-a-name") return failure("malformed", `"${name}" is not a host name and cannot be asked`);
  return null;
}

function failure(code: DnsFailure, detail: string): { ok: false; failure: DnsFailure; detail: string } {
  return { ok: false, failure: code, detail };
}

function readResolver(text: string) {
  const parsed = parseResolver(text);
  if (!parsed.ok) throw new TypeError(parsed.why);
  return parsed.resolver;
}

/** Runs at most `limit` tasks at a time, in the order of their coming. */
function limitConcurrency(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = limit;
  return async (task) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((go) => waiting.push(go)); // the place is handed over, it never becomes free
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
