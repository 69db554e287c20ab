import { CountForm, TrustForm } from "#app/teams/[team]/domains/[domain]/reports/vouch-forms.tsx";
import { Notice } from "#components/ui/card.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { reportWithAll } from "#lib/db/read-reports.ts";

interface Props {
  report: NonNullable<Awaited<ReturnType<typeof reportWithAll>>>;
  team: string;
  domain: string;
  mayVouch: boolean;
  /** The team's time for details, in days. */
  detailDays: number;
}

/** What has become of the report where it does not simply count. */
export function StateNotices({ report, team, domain, mayVouch, detailDays }: Props) {
  const base = `/teams/${team}/domains/${domain}/reports`;
  const { held, thinned, counted, replacedBy, replaces, organization, id } = report;
  return (
    <>
      {held && (
        <Notice tone="warn" title="This report is held, and not counted">
          <p className="max-w-prose">
            It came by mail without a valid signature of the reporter that it names, so that anybody could have written
            it.{" "}
            {mayVouch ? "A person has to say whether it counts." : "An operator of the team can say that it counts."}
            {replacedBy && (
              <>
                {" "}
                For the same reporter and day <TextLink href={`${base}/${replacedBy}`}>another report</TextLink> counts;
                this one would take its place.
              </>
            )}
          </p>
          {mayVouch && (
            <div className="space-y-2">
              <CountForm team={team} domain={domain} id={id} organization={organization} />
              <TrustForm team={team} domain={domain} organization={organization} />
            </div>
          )}
        </Notice>
      )}
      {!counted && !held && !(thinned && replacedBy === null) && (
        <Notice tone="warn" title="This report was replaced">
          <p>
            The same report came with other content too. The charts count the{" "}
            {replacedBy ? <TextLink href={`${base}/${replacedBy}`}>other revision</TextLink> : "other revision"}. A
            signed one goes before those that nothing proves, and a later one before an earlier.
          </p>
        </Notice>
      )}
      {replaces.length > 0 && (
        <Notice title="This report replaces another one">
          <p>
            The same report came with other content too, which is kept and not counted:{" "}
            {replaces.map((other, index) => (
              <span key={other}>
                {index > 0 && ", "}
                <TextLink href={`${base}/${other}`}>
                  {replaces.length === 1 ? "the other revision" : `revision ${index + 1}`}
                </TextLink>
              </span>
            ))}
            .
          </p>
        </Notice>
      )}
      {thinned && (
        <Notice title="Its details were removed">
          <p>
            Its policies and failures were removed after the team's time for details, {detailDays.toLocaleString("en")}{" "}
            days at the moment; {counted ? "it is still counted in all totals." : "it was not counted."}
          </p>
        </Notice>
      )}
    </>
  );
}
