import { Button, ButtonLink } from "#components/ui/button.tsx";
import { Field, SelectField } from "#components/ui/field.tsx";

const STATES: [value: string, word: string][] = [
  ["", "All"],
  ["fail", "Problem"],
  ["error", "Could not check"],
  ["warn", "Needs attention"],
  ["info", "Note"],
  ["pass", "Pass"],
  ["none", "Not looked at yet"],
];

/** Narrows the table to a part of the name or a state: a plain GET form, so that what it shows can be linked. */
export function DomainFilter(props: {
  text: string | null;
  state: string | null;
  /** Other parts of the address, kept when the form is sent. */
  keep: Record<string, string>;
  /** The address without a filter. */
  allHref: string;
}) {
  const { text, state, keep, allHref } = props;
  return (
    <form method="get" className="flex flex-wrap items-end gap-2">
      {Object.entries(keep).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {/* With its value as the key, a link that takes the filter away empties the field. */}
      <Field
        key={`text ${text}`}
        label="Name contains"
        name="q"
        id="filter-name"
        mono
        defaultValue={text ?? ""}
        maxLength={253}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      <SelectField key={`state ${state}`} label="State" name="state" id="filter-state" defaultValue={state ?? ""}>
        {STATES.map(([value, word]) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
      </SelectField>
      <Button type="submit">Show</Button>
      {(text !== null || state !== null) && <ButtonLink href={allHref}>Show all</ButtonLink>}
    </form>
  );
}
