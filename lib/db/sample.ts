import { type Actor, auditRow } from "./audit.ts";
import { inTransaction } from "./client.ts";
import { type DomainRow, domainTaken } from "./domains.ts";
import { addLookup, type NewLookup } from "./lookups.ts";
import { prepareReports, type ReportToStore, storeReports } from "./store-reports.ts";

/**
 * Registers the sample domain with its reports and its lookups: all of it or, when this throws, nothing.
 * @throws Refused when the team has it already, DatabaseAway
 */
export async function createSample(
  domain: DomainRow,
  { reports, lookups }: { reports: readonly ReportToStore[]; lookups: readonly NewLookup[] },
  by: Actor,
): Promise<void> {
  const { id, teamId, name, inboxToken, sample, createdAt } = domain;
  try {
    await inTransaction(async (client) => {
      await client.query(
        "INSERT INTO domains (id, team_id, name, inbox_token, sample, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        [id, teamId, name, inboxToken, sample, createdAt],
      );
      await client.query(...auditRow(by, { teamId, action: "domain.added", subject: name, after: { name, sample } }));
      await storeReports(client, prepareReports(reports));
      for (const lookup of lookups) await addLookup(client, id, lookup);
    });
  } catch (error) {
    throw domainTaken(error, name);
  }
}
