import type { KeyLookup } from "./dkim-keys.ts";
import { MAX_SIGNATURES } from "./limits.ts";
import { speaksFor } from "./speaks-for.ts";

/** As long as one mail may wait for all of its keys together; whoever delivers it waits too. */
const PATIENCE_MS = 10_000;

/**
 * The keys of one mail, asked for side by side. mailauth asks for one after the other: of a first run with `note` come the
 * names, of a second one with `answer` the results. Keys of domains that do not speak for the reporter decide nothing, and are
 * never asked for.
 */
export class SignatureKeys {
  readonly #answers = new Map<string, Promise<string[][]>>();
  readonly #lookUpKey: KeyLookup;
  readonly #reporter: string;

  constructor(lookUpKey: KeyLookup, reporter: string) {
    this.#lookUpKey = lookUpKey;
    this.#reporter = reporter;
  }

  get areNeeded(): boolean {
    return this.#answers.size > 0;
  }

  readonly note: KeyLookup = async (name, type) => {
    const domain = name.toLowerCase().split("._domainkey.").at(-1) ?? "";
    const isAskedFor = this.#answers.size < MAX_SIGNATURES && speaksFor(domain, this.#reporter);
    if (isAskedFor && !this.#answers.has(name)) {
      const answer = inTime(this.#lookUpKey(name, type));
      // It may fail before the second run comes to wait for it.
      answer.catch(() => undefined);
      this.#answers.set(name, answer);
    }
    throw coded("ENODATA");
  };

  readonly answer: KeyLookup = async (name) => {
    const records = await this.#answers.get(name);
    if (records === undefined) throw coded("ENODATA");
    return records.map(forReports);
  };
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}

async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(coded("TIMEOUT")), PATIENCE_MS);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}

const SERVICES = ["tlsrpt", "email", "*"];

/**
 * A key record without its service type where that fits a report: RFC 8460 §3 adds `tlsrpt` to those of RFC 6376 §3.6.1, and
 * mailauth does not know it. A type that does not fit, or a second tag, stays for mailauth to refuse.
 */
function forReports(strings: string[]): string[] {
  const tags = strings.join("").split(";");
  const [services, ...more] = tags.filter(isServices);
  const named = services?.slice(services.indexOf("=") + 1).split(":") ?? [];
  const fits = more.length === 0 && named.some((name) => SERVICES.includes(name.trim().toLowerCase()));
  return fits ? [tags.filter((tag) => !isServices(tag)).join(";")] : strings;
}

function isServices(tag: string): boolean {
  return /^\s*s\s*=/.test(tag);
}
