import { CodedText } from "#components/ui/coded-text.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { formatDay, Time } from "#components/ui/time.tsx";
import type { ChangeWords } from "#lib/lookups/history-words.ts";

/** What one lookup found changed. */
export interface LookupChanges {
  lookupId: string;
  at: Date;
  changes: ChangeWords[];
}

/** Changes on a timeline, day by day, the latest first; each lookup leads to what it found. */
export function ChangeDays({ lookups, base }: { lookups: readonly LookupChanges[]; base: string }) {
  const days = [...Map.groupBy(lookups, ({ at }) => at.toISOString().slice(0, 10))];
  return (
    <ol className="space-y-6">
      {days.map(([day, ofDay]) => (
        <li key={day} className="grid gap-x-4 gap-y-2 sm:grid-cols-[8rem_1fr]">
          <h3 className="font-semibold">{formatDay(day)}</h3>
          <div className="min-w-0 space-y-4">
            {ofDay.map(({ lookupId, at, changes }) => (
              <section
                key={lookupId}
                aria-label={`Lookup of ${at.toISOString()}`}
                className="border-line border-l-2 pl-4"
              >
                <p className="text-muted text-xs">
                  Seen first by the <TextLink href={`${base}/${lookupId}`}>lookup</TextLink> of <Time at={at} />
                </p>
                <ul className="divide-y divide-line">
                  {changes.map((change) => (
                    <li key={`${change.title} ${change.before} ${change.after}`} className="space-y-1 py-2">
                      <ChangeText change={change} />
                    </li>
                  ))}
                </ul>
              </section>
            ))}
          </div>
        </li>
      ))}
    </ol>
  );
}

function ChangeText({ change: { title, before, after, meaning } }: { change: ChangeWords }) {
  return (
    <>
      <h4 className="font-semibold">
        <CodedText text={title} />
      </h4>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5">
        <dt className="text-muted">Before</dt>
        <dd className="min-w-0">
          <CodedText text={before} />
        </dd>
        <dt className="text-muted">Now</dt>
        <dd className="min-w-0">
          <CodedText text={after} />
        </dd>
      </dl>
      {meaning && <p className="max-w-prose text-muted">{meaning}</p>}
    </>
  );
}
