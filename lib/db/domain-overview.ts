import { sql } from "./client.ts";

/** What the overview can be sorted by. */
export const OVERVIEW_SORTS = ["state", "name", "looked", "mode", "failures", "report"] as const;
export type OverviewSort = (typeof OVERVIEW_SORTS)[number];

/** Which domains of a team are shown, and in which order. */
export interface OverviewQuery {
  /** Part of a name, in lower-case A-labels, or null. */
  text: string | null;
  /** Names besides those with the text: the same text in another script. */
  names: readonly string[];
  /** Worst status of the last lookup, "none" for domains that were never looked at, or null for all. */
  state: string | null;
  sort: OverviewSort;
  descending: boolean;
  skip: number;
  take: number;
}

/** One domain at a glance; null is what is not known. */
export interface OverviewRow {
  name: string;
  sample: boolean;
  worst: string | null;
  checkedAt: Date | null;
  /** Mode of the policy that the last lookup saw, or null. */
  mode: string | null;
  /** Verdicts of the last lookup that say "fail" and "warn". */
  problems: number | null;
  warnings: number | null;
  /** Sessions in the last 7 days of the policy type that says most (sts, then tlsa, then none). */
  successes: number | null;
  failures: number | null;
  /** Last UTC day that a report tells of, YYYY-MM-DD. */
  lastReport: string | null;
}

/** A page of a team's domains, and what holds for all of them. */
export interface Overview {
  rows: OverviewRow[];
  /** Domains that the query asks for, on all pages. */
  matching: number;
  team: {
    domains: number;
    hasSample: boolean;
    /** With a problem in the last lookup. */
    broken: number;
    /** Not looked at yet, sample data left out: that is never looked at. */
    waiting: number;
  };
}

const TOTALS = `LEFT JOIN LATERAL (
  SELECT sum(successes) AS successes, sum(failures) AS failures FROM day_totals
  WHERE domain_id = s.id AND day > (now() AT TIME ZONE 'UTC')::date - 7
  GROUP BY policy_type
  ORDER BY array_position(ARRAY['sts', 'tlsa', 'no-policy-found'], policy_type) NULLS LAST, policy_type LIMIT 1
) t ON true`;
const REPORT = `LEFT JOIN LATERAL (
  SELECT day FROM reports WHERE domain_id = s.id ORDER BY day DESC, id LIMIT 1
) r ON true`;

/** What each order needs beyond the last lookup, and its key; of equal keys the names decide. */
const ORDERS: Record<OverviewSort, { join: string; key: string }> = {
  state: { join: "", key: "array_position(ARRAY['pass', 'info', 'skipped', 'warn', 'error', 'fail'], s.worst)" },
  name: { join: "", key: "s.name" },
  looked: { join: "", key: "s.checked_at" },
  mode: { join: "", key: "array_position(ARRAY['none', 'testing', 'enforce'], s.mode)" },
  failures: { join: TOTALS, key: "t.failures" },
  report: { join: REPORT, key: "r.day" },
};

/**
 * A team's domains with their state. One statement, and what is dear (counting verdicts, sums) is done for the shown rows only,
 * unless the order needs it. What is not known comes last in either direction.
 */
export async function domainOverview(teamId: string, query: OverviewQuery): Promise<Overview> {
  const { join, key } = ORDERS[query.sort];
  const direction = query.descending ? "DESC" : "ASC";
  const rows = await sql<Record<string, unknown>>(
    `WITH state AS MATERIALIZED (
       SELECT d.id, d.name, d.sample, l.id AS lookup_id, l.worst, l.mode, l.checked_at
       FROM domains d
       LEFT JOIN LATERAL (
         SELECT id, worst, mode, checked_at FROM lookups
         WHERE domain_id = d.id ORDER BY checked_at DESC, id DESC LIMIT 1
       ) l ON true
       WHERE d.team_id = $1
     ), team AS (
       SELECT count(*) AS domains, count(*) FILTER (WHERE sample) AS samples, count(*) FILTER (WHERE worst = 'fail') AS broken,
              count(*) FILTER (WHERE worst IS NULL AND NOT sample) AS waiting
       FROM state
     ), matching AS (
       SELECT s.*, row_number() OVER (ORDER BY ${key} ${direction} NULLS LAST, s.name) AS place
       FROM state s ${join}
       WHERE ($2::text IS NULL OR strpos(s.name, $2) > 0 OR s.name = ANY($3)) AND ($4::text IS NULL OR coalesce(s.worst, 'none') = $4)
     ), shown AS MATERIALIZED (
       SELECT * FROM matching ORDER BY place LIMIT $5 OFFSET $6
     )
     SELECT team.*, (SELECT count(*) FROM matching) AS all_matching, s.name, s.sample, s.worst, s.checked_at, s.mode,
            v.problems, v.warnings, t.successes, t.failures, r.day::text AS last_report
     FROM team
     LEFT JOIN shown s ON true
     LEFT JOIN LATERAL (
       SELECT count(*) FILTER (WHERE verdict ->> 'status' = 'fail') AS problems,
              count(*) FILTER (WHERE verdict ->> 'status' = 'warn') AS warnings
       FROM lookups l, jsonb_array_elements(l.verdicts) AS verdict
       WHERE l.domain_id = s.id AND l.id = s.lookup_id
     ) v ON s.lookup_id IS NOT NULL
     ${TOTALS}
     ${REPORT}
     ORDER BY s.place`,
    [teamId, query.text, query.names, query.state, query.take, query.skip],
  );
  const [first] = rows;
  return {
    rows: rows.flatMap((row) => (row.name === null ? [] : [rowOf(row)])),
    matching: Number(first?.all_matching ?? 0),
    team: {
      domains: Number(first?.domains ?? 0),
      hasSample: Number(first?.samples ?? 0) > 0,
      broken: Number(first?.broken ?? 0),
      waiting: Number(first?.waiting ?? 0),
    },
  };
}

function rowOf(row: Record<string, unknown>): OverviewRow {
  const number = (value: unknown) => (value === null ? null : Number(value));
  return {
    name: String(row.name),
    sample: row.sample === true,
    worst: row.worst as string | null,
    checkedAt: row.checked_at as Date | null,
    mode: row.mode as string | null,
    problems: number(row.problems),
    warnings: number(row.warnings),
    successes: number(row.successes),
    failures: number(row.failures),
    lastReport: row.last_report as string | null,
  };
}
