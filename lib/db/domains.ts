import { randomBytes } from "node:crypto";
import { NotFound, Refused } from "#lib/errors.ts";
import { type Actor, audit } from "./audit.ts";
import { prisma, QUICK_LIMIT_MS, sql, transact } from "./client.ts";
import { isTaken } from "./database-error.ts";
import { newId } from "./new-id.ts";

/** A registered domain of a team. */
export interface DomainRow {
  id: string;
  teamId: string;
  /** Lower-case A-labels. */
  name: string;
  inboxToken: string;
  /** The token before it, and until when it is taken too. */
  previousInboxToken: string | null;
  previousInboxUntil: Date | null;
  sample: boolean;
  /** Whether anybody may see the domain's state at /badge/<name>.svg. */
  badge: boolean;
  createdAt: Date;
}

/** A team's domain by its name, or null. */
export function domainNamed(teamId: string, name: string): Promise<DomainRow | null> {
  return prisma().domain.findUnique({ where: { teamId_name: { teamId, name } } });
}

/** The domain that an inbox token belongs to, or belonged to until lately; null for any other text. */
export async function domainOfInbox(token: string): Promise<DomainRow | null> {
  return (await domainsOfInboxes([token]))[0] ?? null;
}

/** As `domainOfInbox`, for each token in turn. */
export async function domainsOfInboxes(tokens: readonly string[]): Promise<(DomainRow | null)[]> {
  const asked = tokens.filter((token) => /^[a-z2-9]{1,64}$/.test(token));
  if (asked.length === 0) return tokens.map(() => null);
  const now = new Date();
  const rows = await sql<DomainRow>(
    `SELECT id, team_id AS "teamId", name, inbox_token AS "inboxToken", previous_inbox_token AS "previousInboxToken",
            previous_inbox_until AS "previousInboxUntil", sample, badge, created_at AS "createdAt"
     FROM domains
     WHERE inbox_token = ANY ($1::text[]) OR (previous_inbox_token = ANY ($1::text[]) AND previous_inbox_until > $2)`,
    [asked, now],
    QUICK_LIMIT_MS,
  );
  const previous = rows.filter(({ previousInboxUntil }) => previousInboxUntil !== null && previousInboxUntil > now);
  const known = new Map(previous.map((row) => [row.previousInboxToken, row]));
  for (const row of rows) known.set(row.inboxToken, row);
  return tokens.map((token) => known.get(token) ?? null);
}

/**
 * Gives a domain's inbox a new token; the one before it goes on working for some days, since records stay in caches and
 * senders ask once a day. One that was replaced before that works no longer.
 * @throws NotFound
 */
export async function rotateInbox(teamId: string, name: string, days: number, by: Actor): Promise<void> {
  await transact(async (transaction) => {
    const domain = await transaction.domain.findUnique({ where: { teamId_name: { teamId, name } } });
    if (domain === null) throw new NotFound("This domain");
    const until = new Date(Date.now() + days * 86_400_000);
    const data = { inboxToken: newInboxToken(), previousInboxToken: domain.inboxToken, previousInboxUntil: until };
    // Whoever comes second at the same moment changes nothing.
    const { count } = await transaction.domain.updateMany({
      where: { id: domain.id, inboxToken: domain.inboxToken },
      data,
    });
    if (count === 0) return;
    await audit(transaction, by, {
      ...{ teamId, action: "inbox.rotated", subject: name },
      after: { previousWorksUntil: until.toISOString() },
    });
  });
}

/** Every registration of a domain (or of all), in one team or in any; for commands of whoever runs this Sealpost. */
export async function findDomains(
  name: string | null,
  teamSlug: string | null,
): Promise<(DomainRow & { team: string })[]> {
  const where = { ...(name === null ? {} : { name }), ...(teamSlug === null ? {} : { team: { slug: teamSlug } }) };
  const found = await prisma().domain.findMany({ where, include: { team: { select: { slug: true } } } });
  return found.map(({ team, ...domain }) => ({ ...domain, team: team.slug }));
}

/** Names and ids of a team's domains. */
export function domainNames(teamId: string): Promise<{ id: string; name: string }[]> {
  return prisma().domain.findMany({ where: { teamId }, select: { id: true, name: true } });
}

/** A domain with its id and inbox token, not registered yet. */
export function newDomain(teamId: string, name: string, sample: boolean): DomainRow {
  const inbox = { inboxToken: newInboxToken(), previousInboxToken: null, previousInboxUntil: null };
  return { id: newId(), teamId, name, ...inbox, sample, badge: false, createdAt: new Date() };
}

/** Registers a domain. @throws Refused when the team has it already */
export async function createDomain(domain: DomainRow, by: Actor): Promise<DomainRow> {
  const { teamId, name, sample } = domain;
  try {
    return await transact(async (transaction) => {
      await transaction.domain.create({ data: domain });
      await audit(transaction, by, { teamId, action: "domain.added", subject: name, after: { name, sample } });
      return domain;
    });
  } catch (error) {
    throw domainTaken(error, name);
  }
}

/** The error to pass on when a domain was not registered: a sentence when the team has it already. */
export function domainTaken(error: unknown, name: string): unknown {
  return isTaken(error) ? new Refused(`${name} is one of your team's domains already.`, "domain") : error;
}

/** Lets anybody see the badge of a domain, or nobody any more. @throws NotFound */
export async function allowBadge(teamId: string, name: string, badge: boolean, by: Actor): Promise<void> {
  await transact(async (transaction) => {
    const domain = await transaction.domain.findUnique({ where: { teamId_name: { teamId, name } } });
    if (domain === null) throw new NotFound("This domain");
    // Whoever comes second at the same moment changes nothing.
    const { count } = await transaction.domain.updateMany({ where: { id: domain.id, badge: !badge }, data: { badge } });
    if (count === 0) return;
    await audit(transaction, by, {
      ...{ teamId, action: "domain.badge-changed", subject: name },
      ...{ before: { badge: !badge }, after: { badge } },
    });
  });
}

/** A year of a large domain's reports has millions of rows. */
const REMOVAL_LIMIT_MS = 120_000;

/** Removes a domain with all its reports and lookups. @throws NotFound */
export async function deleteDomain(teamId: string, name: string, by: Actor): Promise<void> {
  await transact(async (transaction) => {
    const domain = await transaction.domain.findUnique({ where: { teamId_name: { teamId, name } } });
    if (domain === null) throw new NotFound("This domain");
    const reports = await transaction.report.count({ where: { domainId: domain.id } });
    const { count } = await transaction.domain.deleteMany({ where: { id: domain.id } });
    // Somebody else removed it at the same moment.
    if (count === 0) throw new NotFound("This domain");
    await audit(transaction, by, {
      ...{ teamId, action: "domain.removed", subject: name },
      before: { name, sample: domain.sample, reports },
    });
  }, REMOVAL_LIMIT_MS);
}

/** 26 letters and digits, 128 bits: reports come without authentication, so that the address itself is the secret. */
function newInboxToken(): string {
  const alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
  return [...randomBytes(26)].map((byte) => alphabet[byte % alphabet.length]).join("");
}
