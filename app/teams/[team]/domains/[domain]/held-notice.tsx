import { Notice } from "#components/ui/card.tsx";
import { Reported } from "#components/ui/reported.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { heldReporters } from "#lib/db/held-reports.ts";
import { TrustForm } from "./reports/vouch-forms.tsx";

/** Of many reporters only the first are named; the list of held reports has them all. */
const NAMED = 3;

/** Says that reports wait for a person, by reporter; nothing when none does. */
export async function HeldNotice(props: { domain: { id: string; name: string }; team: string; mayVouch: boolean }) {
  const { domain, team, mayVouch } = props;
  const reporters = await heldReporters(domain.id);
  if (reporters.length === 0) return null;
  const list = `/teams/${team}/domains/${domain.name}/reports?period=365&outcome=held`;
  const all = reporters.reduce((sum, { reports }) => sum + reports, 0);
  return (
    <Notice tone="warn" title={`${countOf(all)} held, and not counted`}>
      <p className="max-w-prose">
        {all === 1 ? "It came" : "They came"} by mail without a valid signature of the reporter that{" "}
        {all === 1 ? "it names" : "they name"}, so that anybody could have written {all === 1 ? "it" : "them"}.
      </p>
      <ul className="space-y-2">
        {reporters.slice(0, NAMED).map(({ organization, reports }) => (
          <li key={organization} className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
            <p className="min-w-48">
              <TextLink href={`${list}&reporter=${encodeURIComponent(organization)}`}>
                {reports === 1 ? "1 report" : `${reports.toLocaleString("en")} reports`} by{" "}
                <Reported text={organization} most={80} />
              </TextLink>
            </p>
            {mayVouch && <TrustForm team={team} domain={domain.name} organization={organization} />}
          </li>
        ))}
      </ul>
      {reporters.length > NAMED && (
        <p>
          <TextLink href={list}>All held reports, of {reporters.length.toLocaleString("en")} reporters</TextLink>
        </p>
      )}
    </Notice>
  );
}

function countOf(reports: number): string {
  return reports === 1 ? "1 report is" : `${reports.toLocaleString("en")} reports are`;
}
