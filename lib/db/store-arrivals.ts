import { NotFound } from "#lib/errors.ts";
import { inTransaction, storingInTurn } from "./client.ts";
import { isOrphan } from "./database-error.ts";
import { type Quarantined, quarantine, type ToQuarantine } from "./quarantine.ts";
import { prepareReports, type ReportToStore, type StoreOutcome, storeReports } from "./store-reports.ts";

/** What came of it: an outcome for each report and an entry for each file in quarantine, in turn. */
export interface StoredArrivals {
  reports: StoreOutcome[];
  quarantined: Quarantined[];
}

/**
 * Stores reports, and puts into the quarantine what is none: all of it or, when this throws, nothing. Doing it twice is
 * harmless.
 * @throws NotFound when a domain was removed meanwhile, DatabaseAway
 */
export async function storeArrivals(
  reports: readonly ReportToStore[],
  others: readonly ToQuarantine[],
): Promise<StoredArrivals> {
  if (reports.length + others.length === 0) return { reports: [], quarantined: [] };
  const domainIds = [...new Set([...reports, ...others].map((item) => item.domainId))].sort();
  const prepared = prepareReports(reports);
  try {
    return await storingInTurn(() =>
      inTransaction(async (client) => {
        // One at a time per domain, in a fixed order: what is known and what counts is judged by all that is committed.
        await client.query("SELECT pg_advisory_xact_lock(hashtextextended(id, 0)) FROM unnest($1::text[]) AS id", [
          domainIds,
        ]);
        return { reports: await storeReports(client, prepared), quarantined: await quarantine(client, others) };
      }),
    );
  } catch (error) {
    if (isOrphan(error)) throw new NotFound("This domain");
    throw error;
  }
}
