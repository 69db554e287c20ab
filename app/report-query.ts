import type { ReportFilter, ReportState } from "#lib/db/read-reports.ts";
import { type Period, readPeriod } from "#lib/failures/period.ts";
import { one, type SearchParams } from "./page-props.ts";

/** The part of an address that says what a domain's pages show: the period and the filters. */
export interface ReportQuery {
  period: Period;
  /** Null: the one that says most. */
  policyType: string | null;
  organization: string | null;
  resultType: string | null;
  cause: string | null;
  mx: string | null;
  /** Through which reports came, and what has become of them; of the list of reports alone. */
  door: string | null;
  outcome: ReportState | null;
}

/** What has become of a report, as the filter offers it. */
export const OUTCOMES: readonly ReportState[] = ["counted", "held", "replaced", "thinned"];

/** The rows that a page with this query lists. */
export function rowFilter(query: ReportQuery): ReportFilter {
  return { ...query, from: query.period.from, to: query.period.to };
}

/** Reads the query of an address; what is not understood falls back to the default. */
export function readReportQuery(query: SearchParams, now: Date): ReportQuery {
  const text = (name: string) => one(query[name])?.slice(0, 300) ?? null;
  return {
    period: readPeriod({ period: text("period"), from: text("from"), to: text("to") }, now),
    policyType: text("type"),
    organization: text("reporter"),
    // An empty result type is a value of its own: the report gave none.
    resultType: query.result === "" ? "" : text("result"),
    cause: query.cause === "" ? "" : text("cause"),
    mx: query.mx === "" ? "" : text("mx"),
    door: text("door"),
    outcome: OUTCOMES.find((outcome) => outcome === text("outcome")) ?? null,
  };
}

/** The query of an address that shows the same with some parts changed; null takes a part away. */
export function reportQuery(query: ReportQuery, change: Partial<Record<Name, string | null>> = {}): string {
  const { period } = query;
  const parts: Record<Name, string | null> = {
    period: period.preset === null ? null : String(period.preset),
    from: period.preset === null ? period.from : null,
    to: period.preset === null ? period.to : null,
    type: query.policyType,
    reporter: query.organization,
    result: query.resultType,
    cause: query.cause,
    mx: query.mx,
    door: query.door,
    outcome: query.outcome,
    ...change,
  };
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parts)) if (value !== null) search.set(name, value);
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}

type Name = "period" | "from" | "to" | "type" | "reporter" | "result" | "cause" | "mx" | "door" | "outcome";

/** The query of an address that shows one day. */
export function dayQuery(query: ReportQuery, day: string): string {
  return reportQuery(query, { period: null, from: day, to: day });
}
