import type { FinishedLookup } from "#lib/lookups/look-up.ts";

/** A lookup as a file to save: the same object as a line of `sealpost check --json`. */
export function lookupFile({ domain, checkedAt, worst, verdicts, facts }: FinishedLookup): Response {
  return new Response(`${JSON.stringify({ domain, checkedAt, worst, verdicts, facts })}\n`, {
    headers: {
      "content-type": "application/json",
      "content-disposition": `attachment; filename="${domain.replace(/[^\w.-]+/g, "_")}.json"`,
      "cache-control": "private, no-store",
    },
  });
}
