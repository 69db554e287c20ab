import type { Metadata } from "next";
import { requireUser } from "#app/session.ts";
import { ActionForm, FormField } from "#components/ui/action-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { NewPasswordField } from "#components/ui/new-password-field.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { Table, Td, Th } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { PASSWORD_MIN } from "#lib/accounts/password.ts";
import { sessionsOf } from "#lib/db/sessions.ts";
import { passwordAction, renameAction, revokeOthersAction, revokeSessionAction } from "./actions.ts";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage() {
  const user = await requireUser("/account");
  const sessions = await sessionsOf(user.userId);
  const now = new Date();
  return (
    <>
      <PageHeading title="Account">{user.email}</PageHeading>
      <div className="grid gap-6 md:grid-cols-2">
        <Card title="Name" id="name-card">
          <ActionForm action={renameAction} submit="Change the name" look="secondary">
            <FormField
              label="Your name"
              name="name"
              autoComplete="name"
              required
              maxLength={100}
              defaultValue={user.name}
            />
          </ActionForm>
        </Card>
        <Card title="Password" id="password-card">
          <ActionForm
            action={passwordAction}
            submit={user.hasPassword ? "Change the password" : "Set a password"}
            look="secondary"
          >
            {user.hasPassword && (
              <FormField
                label="Current password"
                name="current"
                type="password"
                autoComplete="current-password"
                required
              />
            )}
            <NewPasswordField label="New password" least={PASSWORD_MIN} hint="Changing it ends all other sessions." />
          </ActionForm>
        </Card>
      </div>
      <Card title="Sessions" id="sessions-card">
        <Table
          caption="Browsers that are signed in to this account"
          head={
            <>
              <Th>Browser</Th>
              <Th>Address</Th>
              <Th>Signed in</Th>
              <Th>Last seen</Th>
              <Th>
                <span className="sr-only">End it</span>
              </Th>
            </>
          }
        >
          {sessions.map((session) => (
            <tr key={session.id}>
              <Td className="max-w-64 break-words">{browserName(session.userAgent)}</Td>
              <Td className="font-mono">{session.address}</Td>
              <Td>
                <Time at={session.createdAt} />
              </Td>
              <Td>
                <Time at={session.lastSeenAt} now={now} />
              </Td>
              <Td>
                {session.id === user.sessionId ? (
                  <span className="text-muted">This browser</span>
                ) : (
                  <ActionForm
                    action={revokeSessionAction.bind(null, session.id)}
                    submit="End"
                    look="danger"
                    className=""
                  />
                )}
              </Td>
            </tr>
          ))}
        </Table>
        <div className="pt-4">
          <ActionForm action={revokeOthersAction} submit="End all other sessions" look="danger" />
        </div>
      </Card>
    </>
  );
}

// Each browser also names the ones that it wants to pass for, so that the order decides.
const BROWSERS = [
  [/\bEdg\//, "Edge"],
  [/\bFirefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/\bSafari\//, "Safari"],
] as const;
const SYSTEMS = [
  [/\bAndroid\b/, "Android"],
  [/\biP(?:hone|ad)\b/, "iOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
] as const;

/** "Firefox on Linux" from a User-Agent header; the header itself when it is of an unknown form. */
function browserName(userAgent: string): string {
  const browser = BROWSERS.find(([pattern]) => pattern.test(userAgent))?.[1];
  const system = SYSTEMS.find(([pattern]) => pattern.test(userAgent))?.[1];
  return browser && system ? `${browser} on ${system}` : userAgent || "Unknown";
}
