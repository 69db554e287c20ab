import { ActionForm, FormField, FormSelect } from "#components/ui/action-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { Reported } from "#components/ui/reported.tsx";
import { Time } from "#components/ui/time.tsx";
import { trustedReporters } from "#lib/db/held-reports.ts";
import { reportPolicyOf } from "#lib/db/report-policy.ts";
import { changeReportPolicyAction, distrustReporterAction } from "./actions.ts";

/** What happens with reports by mail that carry no valid signature of their reporter, and who is exempt. */
export async function MailReportsCard({ team }: { team: { id: string; slug: string } }) {
  const [{ holdUnverified, authservIds }, trusted] = await Promise.all([
    reportPolicyOf(team.id),
    trustedReporters(team.id),
  ]);
  return (
    <Card title="Reports by mail" id="mail-reports" className="max-w-2xl">
      <div className="space-y-6">
        <ActionForm
          action={changeReportPolicyAction.bind(null, team.slug)}
          submit="Save how reports by mail are judged"
          look="secondary"
        >
          <p className="max-w-prose text-muted">
            Anybody can send a report by mail under any name. A DKIM signature of the reporter proves whom it is from
            (RFC 8460 §3).
          </p>
          <FormSelect
            label="Reports without a valid signature of their reporter"
            name="unverified"
            defaultValue={holdUnverified ? "hold" : "count"}
          >
            <option value="hold">are held until a person says that they count</option>
            <option value="count">count like all others</option>
          </FormSelect>
          <FormField
            label="Mail systems whose verdict on signatures is believed"
            name="authservIds"
            mono
            defaultValue={authservIds.join(" ")}
            placeholder="mx.example.org"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            hint="For a relay or mailbox of your own that checks DKIM before it passes mail on: the name it writes first into its Authentication-Results field (the authserv-id, RFC 8601). It is believed only in mail that comes through that relay. Several are separated by blanks."
          />
        </ActionForm>
        <div className="space-y-2">
          <h3 className="font-semibold">Trusted reporters</h3>
          {trusted.length === 0 ? (
            <p className="max-w-prose text-muted">
              None. A reporter whose mails cannot be verified can be trusted from one of its held reports; it then
              stands here.
            </p>
          ) : (
            <ul className="divide-y divide-line" aria-label="Trusted reporters">
              {trusted.map(({ organization, trustedBy, createdAt }) => (
                <li key={organization} className="flex flex-wrap items-center justify-between gap-2 py-2">
                  <span className="min-w-0 break-words">
                    <Reported text={organization} most={100} />
                    <span className="block text-muted text-xs">
                      trusted by {trustedBy} on <Time at={createdAt} />
                    </span>
                  </span>
                  <ActionForm
                    action={distrustReporterAction.bind(null, team.slug, organization)}
                    submit="Stop trusting"
                    look="secondary"
                    className=""
                  />
                </li>
              ))}
            </ul>
          )}
        </div>
      </div>
    </Card>
  );
}
