import type { KeyLookup } from "./dkim-keys.ts";
import { MAX_SIGNATURES } from "./limits.ts";
import { speaksFor } from "./speaks-for.ts";

/** As long as one mail may wait for all of its keys together; whoever delivers it waits too. */
const PATIENCE_MS = 10_000;

/** A lookup for a first run of mailauth, which finds nothing and notes what is asked for: the names of the mail's keys. */
export function notingNames(): { names: Set<string>; resolver: KeyLookup } {
  const names = new Set<string>();
  const resolver: KeyLookup = async (name) => {
    names.add(name);
    throw coded("ENODATA");
  };
  return { names, resolver };
}

/** Those keys that can prove a report of this reporter; others decide nothing, and are never asked for. */
export function keysOf(reporter: string, names: Iterable<string>): string[] {
  const domainOf = (name: string) => name.toLowerCase().split("._domainkey.").at(-1) ?? "";
  return [...names].filter((name) => speaksFor(domainOf(name), reporter)).slice(0, MAX_SIGNATURES);
}

/** A lookup for a second run: its keys are asked for side by side, where mailauth asks for one after the other. */
export function answeringAll(names: readonly string[], lookUpKey: KeyLookup): KeyLookup {
  const answers = new Map(
    names.map((name) => {
      const answer = inTime(lookUpKey(name, "TXT"));
      // It may fail before mailauth comes to wait for it.
      answer.catch(() => undefined);
      return [name, answer];
    }),
  );
  return async (name) => {
    const records = await answers.get(name);
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
