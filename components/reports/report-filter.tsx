import { Button } from "#components/ui/button.tsx";
import { SelectField } from "#components/ui/field.tsx";
import { DOOR_CHOICES, doorName } from "./doors.ts";
import { OUTCOME_WORDS } from "./outcome-badge.tsx";

/** Narrows the list of reports to a door or an outcome: a plain GET form, so that what it shows can be linked. */
export function ReportFilter(props: {
  door: string | null;
  outcome: string | null;
  /** Other parts of the address, kept when the form is sent. */
  keep: Record<string, string>;
}) {
  const { door, outcome, keep } = props;
  return (
    <form method="get" className="flex flex-wrap items-end gap-2">
      {Object.entries(keep).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {/* With its value as the key, a link that takes the filter away empties the field. */}
      <SelectField key={`door ${door}`} label="Door" name="door" id="filter-door" defaultValue={door ?? ""}>
        <option value="">All</option>
        {DOOR_CHOICES.map((one) => (
          <option key={one} value={one}>
            {doorName(one)}
          </option>
        ))}
      </SelectField>
      <SelectField
        key={`outcome ${outcome}`}
        label="Outcome"
        name="outcome"
        id="filter-outcome"
        defaultValue={outcome ?? ""}
      >
        <option value="">All</option>
        {Object.entries(OUTCOME_WORDS).map(([value, word]) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
      </SelectField>
      <Button type="submit">Show</Button>
    </form>
  );
}
