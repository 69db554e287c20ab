import { insertion, type Statement } from "./insert-rows.ts";
import {
  FAILURE_COLUMNS,
  type FailureRow,
  FILE_COLUMNS,
  failureRows,
  fileRow,
  POLICY_COLUMNS,
  policyRows,
  REPORT_COLUMNS,
  reportRow,
} from "./report-rows.ts";
import type { Fresh } from "./store-reports.ts";
import { countingFailures, countingResults } from "./totals.ts";

/** A report may hold 100,000 failures with long texts, and a message to the server has bounds. */
const ROWS_AT_ONCE = 5_000;

/** Statements that store reports that are not there yet, and add them to the totals; made one by one, as each may be large. */
export function* storingStatements(fresh: readonly Fresh[]): Generator<Statement> {
  if (fresh.length === 0) return;
  const held = fresh.flatMap(({ item, id }) => (item.held ? [id] : []));
  yield withFiles(fresh, held);
  for (const { text, values } of failures(fresh)) {
    yield { text: countingFailures(text, `$${values.length + 1}`), values: [...values, held] };
  }
}

/** Statements that store what is in reports whose own rows are there; the totals stay as they are. */
export function* contentStatements(fresh: readonly Fresh[]): Generator<Statement> {
  yield policies(fresh);
  yield* failures(fresh);
}

/** Reports, their raw files and policy results, and the totals of these, in one statement: each is a way there and back. */
function withFiles(fresh: readonly Fresh[], held: readonly string[]): Statement {
  const sources = new Map(fresh.map(({ item }) => [`${item.domainId} ${item.raw.hash}`, item]));
  const files = insertion("raw_files", FILE_COLUMNS, [...sources.values()].map(fileRow));
  const reports = insertion(
    "reports",
    REPORT_COLUMNS,
    fresh.map(({ item, id }) => reportRow(item, id)),
    files.values.length + 1,
  );
  const results = policies(fresh, files.values.length + reports.values.length + 1);
  const values = [...files.values, ...reports.values, ...results.values, held];
  const text = `WITH files AS (${files.text} ON CONFLICT DO NOTHING), stored AS (${reports.text}),
    ${countingResults(results.text, `$${values.length}`)}`;
  return { text, values };
}

const policies = (fresh: readonly Fresh[], first = 1) =>
  insertion(
    "policy_results",
    POLICY_COLUMNS,
    fresh.flatMap(({ item, id }) => policyRows(item, id)),
    first,
  );

function* failures(fresh: readonly Fresh[]): Generator<Statement> {
  let rows: FailureRow[] = [];
  for (const { item, id } of fresh) {
    for (const row of failureRows(item, id)) {
      rows.push(row);
      if (rows.length < ROWS_AT_ONCE) continue;
      yield insertion("failures", FAILURE_COLUMNS, rows);
      rows = [];
    }
  }
  if (rows.length > 0) yield insertion("failures", FAILURE_COLUMNS, rows);
}
