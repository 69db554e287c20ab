import { NotFound } from "#lib/errors.ts";
import { type Actor, audit } from "./audit.ts";
import { prisma, transact } from "./client.ts";

/** What a team has decided about reports by mail that carry no valid signature of their reporter. */
export interface ReportPolicy {
  /** They wait for a person; otherwise they count. */
  holdUnverified: boolean;
  /** Mail systems whose Authentication-Results are believed (RFC 8601 §2.5). */
  authservIds: string[];
  /** Reporters that count all the same. */
  trusted: Set<string>;
}

/** A team's decisions. @throws NotFound when the team was removed meanwhile, DatabaseAway */
export async function reportPolicyOf(teamId: string): Promise<ReportPolicy> {
  const team = await prisma().team.findUnique({
    where: { id: teamId },
    select: { holdUnverified: true, authservIds: true, trusted: { select: { organization: true } } },
  });
  if (team === null) throw new NotFound("This team");
  const { holdUnverified, authservIds, trusted } = team;
  return { holdUnverified, authservIds, trusted: new Set(trusted.map(({ organization }) => organization)) };
}

/** Changes whether unverified mail is held, and whose results are believed. */
export async function changeReportPolicy(
  teamId: string,
  policy: Pick<ReportPolicy, "holdUnverified" | "authservIds">,
  by: Actor,
): Promise<void> {
  const select = { holdUnverified: true, authservIds: true } as const;
  await transact(async (transaction) => {
    const before = await transaction.team.findUniqueOrThrow({ where: { id: teamId }, select });
    await transaction.team.update({ where: { id: teamId }, data: policy });
    const told = ({ holdUnverified, authservIds }: typeof policy) => ({
      holdUnverified,
      authservIds: authservIds.join(" "),
    });
    await audit(transaction, by, {
      ...{ teamId, action: "team.report-policy-changed", subject: "reports by mail" },
      ...{ before: told(before), after: told(policy) },
    });
  });
}
