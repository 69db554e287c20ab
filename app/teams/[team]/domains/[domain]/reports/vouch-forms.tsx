import { ActionForm } from "#components/ui/action-form.tsx";
import { Confirm } from "#components/ui/confirm.tsx";
import { Reported } from "#components/ui/reported.tsx";
import { visibleText } from "#lib/standards/visible-text.ts";
import { countReportAction, trustReporterAction } from "./actions.ts";

interface Where {
  team: string;
  domain: string;
}

/** Counts one held report, once a person has read what that means. */
export function CountForm({ team, domain, id, organization }: Where & { id: string; organization: string }) {
  return (
    <Confirm label="Count this one …">
      <p>
        No signature shows that this report is from <Reported text={organization} most={80} />: anybody can send mail
        under that name. Count it when you know that it is theirs, or that it does no harm.
      </p>
      <ActionForm
        action={countReportAction.bind(null, [team, domain, id])}
        submit="Count this one"
        className="space-y-3"
      />
    </Confirm>
  );
}

/** Trusts a reporter, once a person has read what that means. */
export function TrustForm({ team, domain, organization }: Where & { organization: string }) {
  return (
    <Confirm label={`Trust ${visibleText(organization, 40)} from now on …`}>
      <p>
        All mail that says it is from <Reported text={organization} most={80} /> will count without a valid signature,
        in all domains of the team, and what is held of it counts at once. Anybody can send mail under that name: a
        forged report would count too. Team settings list whom you trust, and take it back.
      </p>
      <ActionForm
        action={trustReporterAction.bind(null, [team, domain, organization])}
        submit="Trust this reporter"
        className="space-y-3"
      />
    </Confirm>
  );
}
