import { describe, expect, it } from "vitest";
import { may, mayAssign, PERMISSIONS, type Permission, ROLES } from "#lib/accounts/roles.ts";

describe("the table of who may do what", () => {
  it("never gives a lesser role more than a greater one", () => {
    for (const permission of Object.keys(PERMISSIONS) as Permission[]) {
      const allowed = ROLES.map((role) => may(role, permission));
      expect(allowed, permission).toEqual([...allowed].sort((a, b) => Number(b) - Number(a)));
    }
  });

  it.each([
    ["viewer", "report.view", true, "reads"],
    ["viewer", "raw.download", false, "raw bytes show sender addresses (RFC 8460 §8)"],
    ["viewer", "report.upload", false, "changes nothing"],
    ["viewer", "report.vouch", false, "what counts is for who knows the senders"],
    ["operator", "domain.add", true, "works with domains"],
    ["operator", "report.vouch", true, "knows the senders"],
    ["operator", "inbox.rotate", false, "reports stop when the record is not changed in time"],
    ["operator", "team.retention", false, "what is removed is gone"],
    ["operator", "domain.remove", false, "what is removed is gone"],
    ["operator", "member.invite", false, "not with people"],
    ["admin", "member.invite", true, "works with people"],
    ["admin", "owner.change", false, "but not with owners"],
    ["owner", "owner.change", true, "everything"],
  ] as const)("%s, %s: %s", (role, permission, expected, _reason) => {
    expect(may(role, permission)).toBe(expected);
  });

  it("lets only owners touch owners", () => {
    expect(mayAssign("admin", "owner")).toBe(false);
    expect(mayAssign("admin", "admin")).toBe(true);
    expect(mayAssign("owner", "owner")).toBe(true);
    expect(mayAssign("operator", "viewer")).toBe(false);
  });
});
