import { describe, expect, it } from "vitest";
import { authorise } from "#lib/accounts/access.ts";
import { changeRole, leaveTeam, removeMember } from "#lib/accounts/change-member.ts";
import { PERMISSIONS, type Permission, ROLES } from "#lib/accounts/roles.ts";
import { changeMember, createTeam, membershipIn, membersOf, teamsOf } from "#lib/db/teams.ts";
import { ownDatabase } from "./database.ts";
import { access, makeMember, makeOwner, type Person, together } from "./people.ts";

await ownDatabase();

// What each role may do, written out once more: the table of roles.ts has to agree.
const EVERYBODY = ["team.view", "member.view", "domain.view", "report.view"];
const OPERATORS = [
  ...["domain.add", "sample.change", "lookup.run", "inbox.view", "report.upload", "raw.download", "quarantine.view"],
  ...["quarantine.change", "report.vouch", "mailbox.view"],
];
const ADMINS = [
  ...["team.rename", "member.invite", "member.change", "audit.view", "domain.remove", "badge.change"],
  ...["team.reports", "team.retention", "inbox.rotate", "mailbox.change"],
];
const ALLOWED: Record<string, string[]> = {
  viewer: EVERYBODY,
  operator: [...EVERYBODY, ...OPERATORS],
  admin: [...EVERYBODY, ...OPERATORS, ...ADMINS],
  owner: [...EVERYBODY, ...OPERATORS, ...ADMINS, "owner.change"],
};

const rolesIn = async (person: Person) =>
  (await membersOf(person.team.id)).map(({ role }) => role).sort((a, b) => ROLES.indexOf(a) - ROLES.indexOf(b));

describe("authorise", async () => {
  const owner = await makeOwner();
  const people = { owner, admin: await makeMember(owner, "admin"), operator: await makeMember(owner, "operator") };
  const all: Record<string, Person> = { ...people, viewer: await makeMember(owner, "viewer") };
  const stranger = await makeOwner("Stranger");

  for (const role of ROLES) {
    for (const permission of Object.keys(PERMISSIONS) as Permission[]) {
      const expected = ALLOWED[role]?.includes(permission);
      it(`${expected ? "lets" : "does not let"} ${role} ${permission}`, async () => {
        const { user } = all[role] ?? stranger;
        const asked = authorise(user, owner.team.slug, permission);
        if (expected) expect(await asked).toMatchObject({ role, team: owner.team, user });
        else await expect(asked).rejects.toMatchObject({ name: "NotFound", message: "This page was not found." });
      });
    }
  }

  it("shows a stranger the same, whether the team is there or not", async () => {
    for (const slug of [owner.team.slug, "no-such-team", "", "a\0b", "TEAM", "../x"]) {
      for (const permission of Object.keys(PERMISSIONS) as Permission[]) {
        await expect(authorise(stranger.user, slug, permission)).rejects.toThrow("This page was not found.");
      }
    }
  });

  it("lets nobody in any more from the moment in which the membership ends", async () => {
    const member = await makeMember(owner, "admin");
    await authorise(member.user, owner.team.slug, "member.invite");
    await removeMember(owner, member.user.userId);
    await expect(authorise(member.user, owner.team.slug, "team.view")).rejects.toThrow("not found");
  });
});

describe("the owners of a team", () => {
  it("are at least one: the last can neither leave nor step down nor be removed", async () => {
    const owner = await makeOwner();
    const sentence = "A team needs an owner: make somebody else an owner first.";
    await expect(leaveTeam(owner)).rejects.toThrow(sentence);
    await expect(changeRole(owner, owner.user.userId, "admin")).rejects.toThrow(sentence);
    await expect(removeMember(owner, owner.user.userId)).rejects.toThrow(sentence);
    expect(await rolesIn(owner)).toEqual(["owner"]);
  });

  it.each([
    ["leave", (person: Person) => leaveTeam(person)],
    ["step down", (person: Person) => changeRole(person, person.user.userId, "viewer")],
  ])("are at least one, also when all of them %s at the same moment", async (_, act) => {
    const first = await makeOwner();
    const owners = [first, await makeMember(first, "owner"), await makeMember(first, "owner")];
    const { errors } = await together(owners.map((owner) => () => act(owner)));
    expect(errors.map(({ message }) => message)).toEqual(["A team needs an owner: make somebody else an owner first."]);
    expect((await rolesIn(first)).filter((role) => role === "owner")).toEqual(["owner"]);
  });

  it("are at least one, also when two remove each other at the same moment", async () => {
    const a = await makeOwner();
    const b = await makeMember(a, "owner");
    await together([() => removeMember(a, b.user.userId), () => removeMember(b, a.user.userId)]);
    expect(await rolesIn(a)).toEqual(["owner"]);
  });

  it("are made, changed and removed by owners only", async () => {
    const owner = await makeOwner();
    const [admin, other] = [await makeMember(owner, "admin"), await makeMember(owner, "owner")];
    await expect(changeRole(admin, admin.user.userId, "owner")).rejects.toThrow("Only an owner can make somebody");
    await expect(changeRole(admin, other.user.userId, "viewer")).rejects.toThrow("Only an owner can change an owner.");
    await expect(removeMember(admin, other.user.userId)).rejects.toThrow("Only an owner can change an owner.");
    await changeRole(owner, admin.user.userId, "owner");
    await changeRole(owner, other.user.userId, "viewer");
    expect(await rolesIn(owner)).toEqual(["owner", "owner", "viewer"]);
  });

  it("are not undone by somebody who saw an older role", async () => {
    const owner = await makeOwner();
    const admin = await makeMember(owner, "admin");
    await changeRole(owner, admin.user.userId, "owner");
    // An administrator's page still shows "admin", which it might remove.
    const stale = { from: "admin", to: null, mayInvite: [] } as const;
    await expect(changeMember(owner.team.id, admin.user.userId, stale, owner.user)).rejects.toThrow("it is owner now");
    expect(await rolesIn(owner)).toEqual(["owner", "owner"]);
  });
});

describe("a member", () => {
  it("of whatever role can leave", async () => {
    const owner = await makeOwner();
    for (const role of ROLES) {
      const member = await makeMember(owner, role);
      await leaveTeam(member);
      expect(await teamsOf(member.user.userId)).toEqual([]);
    }
    expect(await rolesIn(owner)).toEqual(["owner"]);
  });

  it("is changed by a role that may change members only", async () => {
    const owner = await makeOwner();
    const [operator, viewer] = [await makeMember(owner, "operator"), await makeMember(owner, "viewer")];
    for (const person of [operator, viewer]) {
      await expect(changeRole(person, viewer.user.userId, "admin")).rejects.toThrow("Only an owner");
      await expect(removeMember(person, operator.user.userId)).rejects.toThrow("Only an owner");
    }
    await expect(changeRole(owner, viewer.user.userId, "emperor")).rejects.toThrow("Choose a role.");
    expect(await rolesIn(owner)).toEqual(["owner", "operator", "viewer"]);
  });

  it("of another team is not found", async () => {
    const [owner, stranger] = [await makeOwner(), await makeOwner("Stranger")];
    await expect(removeMember(owner, stranger.user.userId)).rejects.toThrow("This member was not found.");
    await expect(changeRole(owner, stranger.user.userId, "viewer")).rejects.toThrow("This member was not found.");
    const change = { from: "owner", to: null, mayInvite: [] } as const;
    await expect(changeMember(owner.team.id, stranger.user.userId, change, owner.user)).rejects.toThrow("not found");
    expect(await membershipIn(stranger.user.userId, stranger.team.slug)).toMatchObject({ role: "owner" });
  });

  it("can make teams, each with an address of its own, also at the same moment", async () => {
    const { user } = await makeOwner();
    const { values } = await together([1, 2, 3, 4].map(() => () => createTeam(user, "Same name", user.userId)));
    expect(values.sort()).toEqual(["same-name", "same-name-2", "same-name-3", "same-name-4"]);
  });

  it("can belong to several teams, in each with another role", async () => {
    const owner = await makeOwner();
    const member = await makeMember(owner, "viewer");
    const slug = await createTeam(member.user, "Own team", member.user.userId);
    expect((await access(member.user.userId, slug)).role).toBe("owner");
    expect((await teamsOf(member.user.userId)).map(({ name, role }) => [name, role])).toEqual([
      ["Own team", "owner"],
      [owner.team.name, "viewer"],
    ]);
  });
});
