import type { Role } from "#lib/db/teams.ts";

/** From the most to the least powerful; what each may do stands in PERMISSIONS. */
export const ROLES: readonly Role[] = ["owner", "admin", "operator", "viewer"];

/** What each role is for, as the members page explains it. */
export const ROLE_MEANING: Record<Role, string> = {
  owner: "Everything, including who else is an owner.",
  admin: "Members, domains and settings.",
  operator: "Domains, lookups and reports.",
  viewer: "Reads everything but raw files.",
};

const OWNER: Role[] = ["owner"];
const ADMINS: Role[] = ["owner", "admin"];
const OPERATORS: Role[] = ["owner", "admin", "operator"];
const ALL: Role[] = ["owner", "admin", "operator", "viewer"];

/** The one table of who may do what. Every page, action and route names one of these. */
export const PERMISSIONS = {
  "team.view": ALL,
  "team.rename": ADMINS,
  /** Whether reports by mail without a valid signature count, and whose results are believed. */
  "team.reports": ADMINS,
  /** How long reports are kept: what is removed is gone. */
  "team.retention": ADMINS,
  "member.view": ALL,
  "member.invite": ADMINS,
  "member.change": ADMINS,
  /** Making owners, and changing or removing them. */
  "owner.change": OWNER,
  "audit.view": ADMINS,
  "domain.view": ALL,
  "domain.add": OPERATORS,
  "domain.remove": ADMINS,
  /** Showing the domain's state to everybody. */
  "badge.change": ADMINS,
  "sample.change": OPERATORS,
  "lookup.run": OPERATORS,
  "inbox.view": OPERATORS,
  /** Ends the address that is published, after a while. */
  "inbox.rotate": ADMINS,
  "report.view": ALL,
  "report.upload": OPERATORS,
  /** Saying that a report without a valid signature of its reporter counts. */
  "report.vouch": OPERATORS,
  /** Raw bytes show sender addresses and configuration (RFC 8460 §8). */
  "raw.download": OPERATORS,
  "quarantine.view": OPERATORS,
  "mailbox.view": OPERATORS,
  /** What is entered there signs in to somebody's mail. */
  "mailbox.change": ADMINS,
  "quarantine.change": OPERATORS,
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;

/** True when the role may do it. */
export function may(role: Role, permission: Permission): boolean {
  return (PERMISSIONS[permission] as readonly Role[]).includes(role);
}

/** True when somebody of this role may hand out, take away or change that one: only owners touch owners. */
export function mayAssign(role: Role, other: Role): boolean {
  return may(role, "member.change") && (other !== "owner" || may(role, "owner.change"));
}
