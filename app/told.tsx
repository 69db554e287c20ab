import { Notice } from "#components/ui/card.tsx";
import type { ReceiveOutcome } from "#lib/reports/receive.ts";
import { one, type SearchParams } from "./page-props.ts";

/** What an action tells on the page that it leads to, since the form that was sent may be gone there. */
export type Done = "counted" | "trusted" | "taken" | "discarded" | "retention" | "rotated";

const NUMBERS = ["stored", "revision", "duplicate", "held", "left", "files"] as const;
type Counts = Record<(typeof NUMBERS)[number], number>;

/** The query of an address whose page says what was done; nothing in it is shown but numbers. */
export function doneQuery(done: Done, counts: Partial<Counts> = {}): string {
  const numbers = Object.entries(counts).filter(([, count]) => count > 0);
  return `?${new URLSearchParams([["done", done], ...numbers.map(([kind, count]) => [kind, String(count)])])}`;
}

/** How many of each there are among the outcomes of a file that was taken again. */
export function countsOf(outcomes: readonly ReceiveOutcome[]): Omit<Counts, "files"> {
  const counts = { stored: 0, revision: 0, duplicate: 0, held: 0, left: 0 };
  for (const outcome of outcomes) {
    if (outcome.outcome === "quarantined" || outcome.outcome === "refused") counts.left += 1;
    else if (outcome.held) counts.held += 1;
    else counts[outcome.outcome] += 1;
  }
  return counts;
}

/** The sentence for what an action has done just before, if the address says so. */
export function Told({ search }: { search: SearchParams }) {
  const done = one(search.done);
  const sentence = done !== null && Object.hasOwn(SENTENCES, done) ? SENTENCES[done as Done] : null;
  if (sentence === null) return null;
  const counts = Object.fromEntries(NUMBERS.map((name) => [name, numberOf(one(search[name]))])) as Counts;
  return <Notice role="status">{sentence(counts)}</Notice>;
}

const SENTENCES: Record<Done, (counts: Counts) => string> = {
  counted: () => "The report is counted from now on.",
  trusted: ({ stored }) =>
    `The reporter is trusted from now on. ${stored === 0 ? "None of its reports was held." : `${reports(stored)} that ${stored === 1 ? "was" : "were"} held ${stored === 1 ? "is" : "are"} counted.`}`,
  retention: () => "Saved. What is past its time is removed in the coming night.",
  rotated: () => "The inbox has a new address. Publish the record below: senders go by it.",
  discarded: ({ files }) => (files > 1 ? `${files} files are removed for good.` : "The file is removed for good."),
  taken: ({ stored, revision, duplicate, held, left, files }) => {
    const parts = [
      stored > 0 && `${reports(stored)} stored and counted`,
      revision > 0 && `${reports(revision)} stored as another revision of one that was there`,
      duplicate > 0 && `${reports(duplicate)} known already: nothing has changed`,
      held > 0 && `${reports(held)} stored and held: no valid signature says whom it is from`,
      left > 0 &&
        `${left === 1 ? "1 part" : `${left.toLocaleString("en")} parts`} still not taken, and kept with the reason`,
    ].filter((part) => part !== false);
    return `${files > 1 ? `${files} files were` : "The file was"} read again: ${parts.join("; ") || "nothing was found there"}.`;
  },
};

function reports(count: number): string {
  return count === 1 ? "1 report" : `${count.toLocaleString("en")} reports`;
}

function numberOf(text: string | null): number {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : 0;
}
