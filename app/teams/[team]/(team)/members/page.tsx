import type { Metadata } from "next";
import type { PageProps } from "#app/page-props.ts";
import { teamAccess } from "#app/session.ts";
import { ActionForm, FormField } from "#components/ui/action-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { SelectField } from "#components/ui/field.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { Table, Td, Th } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { may, mayAssign, ROLE_MEANING, ROLES } from "#lib/accounts/roles.ts";
import { openInvitations } from "#lib/db/invitations.ts";
import { membersOf } from "#lib/db/teams.ts";
import {
  changeRoleAction,
  inviteAction,
  leaveTeamAction,
  removeMemberAction,
  withdrawInvitationAction,
} from "./actions.ts";

export const metadata: Metadata = { title: "Members" };

/** Who belongs to the team, in which role, and who is invited. */
export default async function MembersPage({ params }: PageProps<{ team: string }>) {
  const { team, role, user } = await teamAccess((await params).team, "member.view");
  const mayInvite = may(role, "member.invite");
  const [members, invitations] = await Promise.all([membersOf(team.id), mayInvite ? openInvitations(team.id) : []]);
  const roles = ROLES.filter((other) => mayAssign(role, other));
  return (
    <>
      <PageHeading title={`${team.name} has ${members.length === 1 ? "1 member" : `${members.length} members`}`} />
      <Card title="Members" id="members">
        <Table
          caption="Members of the team, owners first"
          head={
            <>
              <Th>Name</Th>
              <Th>E-mail address</Th>
              <Th>Role</Th>
              <Th>Member since</Th>
              <Th>
                <span className="sr-only">Remove</span>
              </Th>
            </>
          }
        >
          {members.map((member) => (
            <tr key={member.userId}>
              <Td>
                {member.name}
                {member.userId === user.userId && <span className="text-muted"> (you)</span>}
              </Td>
              <Td>{member.email}</Td>
              <Td>
                {mayAssign(role, member.role) ? (
                  <ActionForm
                    action={changeRoleAction.bind(null, team.slug, member.userId)}
                    submit="Change"
                    look="secondary"
                    className="flex flex-wrap items-center gap-2"
                  >
                    <SelectField
                      label={`Role of ${member.name}`}
                      hideLabel
                      id={`role-${member.userId}`}
                      name="role"
                      defaultValue={member.role}
                    >
                      {roles.map((other) => (
                        <option key={other}>{other}</option>
                      ))}
                    </SelectField>
                  </ActionForm>
                ) : (
                  member.role
                )}
              </Td>
              <Td>
                <Time at={member.createdAt} />
              </Td>
              <Td>
                {member.userId === user.userId ? (
                  <ActionForm
                    action={leaveTeamAction.bind(null, team.slug)}
                    submit="Leave"
                    look="danger"
                    className=""
                  />
                ) : (
                  mayAssign(role, member.role) && (
                    <ActionForm
                      action={removeMemberAction.bind(null, team.slug, member.userId)}
                      submit="Remove"
                      look="danger"
                      className=""
                    />
                  )
                )}
              </Td>
            </tr>
          ))}
        </Table>
      </Card>
      {mayInvite && (
        <div className="grid gap-6 md:grid-cols-2">
          <Card title="Invite somebody" id="invite">
            <ActionForm action={inviteAction.bind(null, team.slug)} submit="Invite">
              <FormField label="E-mail address" name="email" type="email" autoComplete="off" required />
              <SelectField label="Role" name="role" defaultValue="operator">
                {roles.map((other) => (
                  <option key={other} value={other}>
                    {other}: {ROLE_MEANING[other]}
                  </option>
                ))}
              </SelectField>
            </ActionForm>
          </Card>
          <Card title="Open invitations" id="invitations">
            {invitations.length === 0 ? (
              <p className="text-muted">Nobody is invited at the moment.</p>
            ) : (
              <ul className="divide-y divide-line">
                {invitations.map((invitation) => (
                  <li key={invitation.id} className="flex flex-wrap items-center justify-between gap-2 py-2">
                    <span>
                      {invitation.email} as {invitation.role}
                      <span className="block text-muted text-xs">
                        until <Time at={invitation.expiresAt} />
                      </span>
                    </span>
                    <ActionForm
                      action={withdrawInvitationAction.bind(null, team.slug, invitation.id)}
                      submit="Take back"
                      look="secondary"
                      className=""
                    />
                  </li>
                ))}
              </ul>
            )}
          </Card>
        </div>
      )}
    </>
  );
}
