import type { Act, OutcomeRow, Verdict } from "#lib/checks/verdict.ts";

/** Addresses of one mail host at which all senders fare the same. */
export interface MergedRow extends Omit<OutcomeRow, "address"> {
  addresses: string[];
}

/** The rows of the outcome table, as the verdicts of that check carry them. */
export function rowsOf(verdicts: readonly Verdict[]): OutcomeRow[] {
  return verdicts.flatMap(({ evidence }) => (Array.isArray(evidence) ? evidence : []));
}

/** Addresses of a host that fare the same put into one row, the worst first. */
export function mergedRows(rows: readonly OutcomeRow[]): MergedRow[] {
  const groups = Map.groupBy(rows, ({ address: _, ...row }) => JSON.stringify(row));
  return [...groups.values()]
    .flatMap(([first, ...others]) => {
      if (first === undefined) return [];
      const { address: _, ...row } = first;
      return [{ ...row, addresses: [first, ...others].flatMap(({ address }) => address ?? []) }];
    })
    .toSorted((a, b) => badness(b) - badness(a));
}

/** True when every kind of sender delivers over TLS. */
export function isWell(row: MergedRow): boolean {
  return badness(row) === 0;
}

function badness({ mtaSts, dane, opportunistic }: MergedRow): number {
  return Math.max(...[mtaSts, dane, opportunistic].map(rank));
}

function rank(act: Act | null): number {
  if (act === null) return 2;
  return { deliver: 0, unprotected: 1, defer: 3 }[act];
}
