import { one, type SearchParams } from "#app/page-props.ts";
import { ActionForm } from "#components/ui/action-form.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, Notice } from "#components/ui/card.tsx";
import { Field } from "#components/ui/field.tsx";
import { fileSize } from "#components/ui/file-size.ts";
import { formatDay } from "#components/ui/time.tsx";
import { previewRetention, type Retention, type RetentionPreview, retentionOf } from "#lib/db/retention.ts";
import { Refused } from "#lib/errors.ts";
import { RETENTION_BOUNDS, readRetention } from "#lib/reports/policy-input.ts";
import { changeRetentionAction } from "./actions.ts";

/** How long the team keeps reports: first a choice is shown with what it would remove, then it can be saved. */
export async function RetentionCard({ team, search }: { team: { id: string; slug: string }; search: SearchParams }) {
  const saved = await retentionOf(team.id);
  const asked = askedIn(search);
  const typed = asked?.fields ?? { detailDays: String(saved.detailDays), rawDays: String(saved.rawDays) };
  const choice = asked?.choice ?? null;
  const refused = asked?.refused ?? null;
  const isNew = choice !== null && (choice.detailDays !== saved.detailDays || choice.rawDays !== saved.rawDays);
  const preview = isNew ? await previewRetention(team.id, choice) : null;
  return (
    <Card title="How long reports are kept" id="retention" className="max-w-2xl">
      <div className="space-y-4">
        <p className="max-w-prose">
          Details are kept for {days(saved.detailDays)}, and files as they arrived for {days(saved.rawDays)}. Totals,
          and with them the charts, stay for good.
        </p>
        <form method="get" action={`/teams/${team.slug}/settings#retention`} className="space-y-4">
          <DaysField
            name="detailDays"
            label="Days to keep details"
            value={typed.detailDays}
            refused={refused}
            hint="What is in reports: policies, failures with their addresses and reasons; counted from the day they are about."
          />
          <DaysField
            name="rawDays"
            label="Days to keep files as they arrived"
            value={typed.rawDays}
            refused={refused}
            hint="For download, and to read them again after an update; those in quarantine too; counted from their arrival."
          />
          <Button type="submit">Show what this would remove</Button>
        </form>
        {choice !== null && !isNew && <Notice role="status">This is how long reports are kept already.</Notice>}
        {choice !== null && preview !== null && (
          <Notice
            tone={preview.reports + preview.files > 0 ? "warn" : "info"}
            title="What this would remove"
            role="status"
          >
            <p className="max-w-prose">{sentenceOf(preview, choice)}</p>
            <ActionForm
              action={changeRetentionAction.bind(null, team.slug)}
              submit={preview.reports + preview.files > 0 ? "Save, and remove it tonight" : "Save"}
              look={preview.reports + preview.files > 0 ? "danger" : "primary"}
            >
              <input type="hidden" name="detailDays" value={choice.detailDays} />
              <input type="hidden" name="rawDays" value={choice.rawDays} />
            </ActionForm>
          </Notice>
        )}
      </div>
    </Card>
  );
}

function DaysField(props: {
  name: keyof Retention;
  label: string;
  value: string;
  refused: Refused | null;
  hint: string;
}) {
  const { name, label, value, refused, hint } = props;
  const [least, most] = RETENTION_BOUNDS[name];
  return (
    <Field
      key={value}
      name={name}
      label={label}
      type="number"
      required
      min={least}
      max={most}
      defaultValue={value}
      hint={hint}
      error={refused?.field === name ? refused.message : null}
    />
  );
}

/** The choice in the address, or why it is none. */
function askedIn(search: SearchParams) {
  const fields = { detailDays: one(search.detailDays) ?? "", rawDays: one(search.rawDays) ?? "" };
  if (fields.detailDays === "" && fields.rawDays === "") return null;
  try {
    return { fields, choice: readRetention(fields), refused: null };
  } catch (error) {
    if (error instanceof Refused) return { fields, choice: null, refused: error };
    throw error;
  }
}

function sentenceOf({ reports, firstDay, files, bytes }: RetentionPreview, { detailDays, rawDays }: Retention): string {
  const kept = `Details would be kept for ${days(detailDays)}, and files for ${days(rawDays)}.`;
  if (reports + files === 0) return `${kept} Nothing that is there now would be removed.`;
  const count = (number: number, what: string) => `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
  const parts = [
    reports > 0 && `the details of ${count(reports, "report")} about days before ${formatDay(firstDay)}`,
    files > 0 && `${count(files, "file")} as they arrived (${fileSize(bytes)})`,
  ].filter((part) => part !== false);
  return `${kept} This would remove ${parts.join(" and ")}. What is removed cannot be brought back; totals stay for good.`;
}

function days(count: number): string {
  return count === 1 ? "1 day" : `${count.toLocaleString("en")} days`;
}
