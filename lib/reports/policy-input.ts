import type { ReportPolicy } from "#lib/db/report-policy.ts";
import type { Retention } from "#lib/db/retention.ts";
import { Refused } from "#lib/errors.ts";

/** Relays of one team: one or two are common. */
const MAX_AUTHSERV_IDS = 10;
/** RFC 8601 §2.2: a token (RFC 2045 §5.1), in practice the name of the host or of the organisation. */
const AUTHSERV_ID = /^[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?$/;

/** A team's decision about mail without a valid signature, as its form sends it. @throws Refused */
export function readReportPolicy(fields: Record<string, string>): Pick<ReportPolicy, "holdUnverified" | "authservIds"> {
  if (fields.unverified !== "hold" && fields.unverified !== "count")
    throw new Refused("Choose whether unverified reports are held or counted.", "unverified");
  const ids = (fields.authservIds ?? "")
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  const authservIds = [...new Set(ids)];
  if (authservIds.length > MAX_AUTHSERV_IDS)
    throw new Refused(`At most ${MAX_AUTHSERV_IDS} names can be given.`, "authservIds");
  const odd = authservIds.find((id) => !AUTHSERV_ID.test(id));
  if (odd !== undefined)
    throw new Refused(`"${odd.slice(0, 80)}" is no name of a mail system, such as mx.example.org.`, "authservIds");
  return { holdUnverified: fields.unverified === "hold", authservIds };
}

/** Bounds of what a team can choose, in days. */
export const RETENTION_BOUNDS = { detailDays: [30, 3_650], rawDays: [1, 3_650] } as const;

const NAMES = { detailDays: "Details", rawDays: "Raw files" } as const;

/** For how long a team keeps what, as its form sends it. @throws Refused */
export function readRetention(fields: Record<string, string>): Retention {
  return { detailDays: readDays(fields, "detailDays"), rawDays: readDays(fields, "rawDays") };
}

function readDays(fields: Record<string, string>, name: keyof Retention): number {
  const [least, most] = RETENTION_BOUNDS[name];
  const text = (fields[name] ?? "").trim();
  const days = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (days >= least && days <= most) return days;
  throw new Refused(`${NAMES[name]} can be kept for ${least} to ${most.toLocaleString("en")} days.`, name);
}
