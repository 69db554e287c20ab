import type { DnsFact } from "#lib/probes/dns-fact.ts";
import type { Problem } from "#lib/standards/problem.ts";
import type { Unanswered } from "./answers.ts";
import type { CheckName, Status, Verdict } from "./verdict.ts";
import { type FindingCode, wordsOf } from "./wording.ts";
import { clip, fill, isFillable } from "./words.ts";

type Evidence = Record<string, unknown>;

/** Makes the verdicts of one check about one subject. */
export type Say = (code: FindingCode, evidence?: Evidence) => Verdict;

const LONGEST_TEXT = 2000;
const LONGEST_ITEM = 300;
const MOST_ITEMS = 20;

/** The verdict for a code, its text filled in from the evidence. */
export function about(check: CheckName, subject: string): Say {
  return (code, evidence = {}) => {
    const { status, title, detail, fix, otherwise = null, reference } = wordsOf(code);
    const kept = small({ subject, ...evidence });
    const advice = fix === null || isFillable(fix, kept) ? fix : otherwise;
    return {
      check,
      status,
      code,
      subject,
      title: fill(title, kept),
      detail: fill(detail, kept),
      fix: advice === null ? null : fill(advice, kept),
      reference,
      evidence: kept,
    };
  };
}

/** One verdict for each code among the problems, with all that was found and the lines where it stands. */
export function sayProblems<Code extends FindingCode>(
  say: Say,
  problems: readonly Problem<Code>[],
  evidence: Evidence = {},
): Verdict[] {
  return [...Map.groupBy(problems, (problem) => problem.code)].map(([code, all]) => {
    const lines = distinct(all.map((problem) => problem.line));
    return say(code, {
      ...evidence,
      found: distinct(all.map((problem) => problem.found)),
      meant: distinct(all.flatMap((problem) => problem.suggestion?.split("\n"))),
      effective: distinct(all.map((problem) => problem.effective)),
      ...(lines.length === 0 ? {} : { lines, text: all[0]?.text, where: placeOf(lines) }),
    });
  });
}

function distinct<Value>(values: readonly (Value | undefined)[]): Value[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}

/** The verdict for a question that got no answer: never a fault of the domain, and never green. */
export function sayUnanswered(say: Say, fact: DnsFact<unknown>, failure: Unanswered): Verdict {
  return say(`dns-${failure}`, dnsEvidence(fact));
}

/** What to show of a DNS fact. */
export function dnsEvidence(fact: DnsFact<unknown>): Evidence {
  const { name, type, chain, resolver, milliseconds } = fact;
  const detail = fact.result.ok ? "" : fact.result.detail;
  const via = chain.length === 0 ? {} : { chain };
  return { name, type, ...via, resolver: resolver === "" ? "none" : resolver, milliseconds, detail };
}

/** Adds the pass verdict when nothing speaks against it, and puts the worst first. */
export function conclude(verdicts: readonly Verdict[], pass: () => Verdict): Verdict[] {
  const isClear = verdicts.every((verdict) => verdict.status === "info");
  return worstFirst(isClear ? [pass(), ...verdicts] : verdicts);
}

const WORST_FIRST: readonly Status[] = ["fail", "error", "warn", "skipped", "info", "pass"];

export function worstFirst(verdicts: readonly Verdict[]): Verdict[] {
  return verdicts.toSorted((a, b) => WORST_FIRST.indexOf(a.status) - WORST_FIRST.indexOf(b.status));
}

/** "In line 3", "In lines 3 and 7", "In lines 1, 2 and 40 more". */
function placeOf(lines: readonly number[]): string {
  if (lines.length === 1) return `In line ${lines[0]}`;
  const shown = lines.slice(0, 10);
  const last = lines.length > shown.length ? `${lines.length - shown.length} more` : shown.pop();
  return `In lines ${shown.join(", ")} and ${last}`;
}

/** Evidence is stored with each verdict, so what strangers publish is cut to a size that can be read. */
function small(evidence: Evidence): Evidence {
  return Object.fromEntries(Object.entries(evidence).map(([name, value]) => [name, smallValue(value)]));
}

function smallValue(value: unknown, longest: number = LONGEST_TEXT): unknown {
  if (typeof value === "string") return clip(value, longest);
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((item) => smallValue(item, LONGEST_ITEM));
  return typeof value === "object" && value !== null ? small({ ...value }) : value;
}
