import type { Status, Verdict } from "#lib/checks/verdict.ts";
import { worstStatus } from "#lib/checks/verdict.ts";

/** The verdicts about one mail host and its addresses. */
export interface HostGroup {
  host: string;
  addresses: string[];
  status: Status;
  verdicts: Verdict[];
}

const AT_ADDRESS = /^(\S+) \[(\S+)\]$/;
const WORST_FIRST: readonly Status[] = ["fail", "error", "warn", "skipped", "info", "pass"];

/** Verdicts sorted by the host that they are about, the worst host first; those about the domain itself apart. */
export function byHost(verdicts: readonly Verdict[], domain: string): { ofDomain: Verdict[]; hosts: HostGroup[] } {
  const hostOf = ({ subject }: Verdict) => AT_ADDRESS.exec(subject)?.[1] ?? subject;
  const ofDomain = verdicts.filter((verdict) => verdict.subject === domain);
  const groups = Map.groupBy(
    verdicts.filter((verdict) => verdict.subject !== domain),
    hostOf,
  );
  const hosts = [...groups].map(([host, all]) => ({
    host,
    addresses: [...new Set(all.flatMap(({ subject }) => AT_ADDRESS.exec(subject)?.[2] ?? []))],
    status: worstStatus(all.map((verdict) => verdict.status)) ?? "info",
    verdicts: all,
  }));
  return { ofDomain, hosts: hosts.toSorted((a, b) => rank(a) - rank(b)) };
}

function rank({ status }: HostGroup): number {
  return WORST_FIRST.indexOf(status);
}
