import { type ReactNode, Suspense } from "react";
import { Card } from "#components/ui/card.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import type { CheckName, Verdict } from "#lib/checks/verdict.ts";
import { CHECK_GROUPS, summaryOf } from "./check-groups.ts";
import { VerdictList } from "./verdict-list.tsx";

type Verdicts = Verdict[] | Promise<Verdict[]>;

/** A lookup's verdicts, group by group; each appears as soon as its facts are in. */
export function LookupView({ checks }: { checks: ReadonlyMap<CheckName, Verdicts> }) {
  return (
    <div className="space-y-6">
      {CHECK_GROUPS.map((group) => (
        <Card key={group.title} title={group.title} id={group.title.toLowerCase().replace(/\W+/g, "-")}>
          <p className="text-muted">{group.about}</p>
          <div className="divide-y divide-line">
            {group.checks.map((check) => (
              <Suspense key={check} fallback={<Waiting check={check} />}>
                <Check verdicts={checks.get(check) ?? []} />
              </Suspense>
            ))}
          </div>
        </Card>
      ))}
    </div>
  );
}

async function Check({ verdicts }: { verdicts: Verdicts }) {
  return <VerdictList verdicts={await verdicts} />;
}

/** The one sentence on top: what was found in all. It is announced when it arrives. */
export function LookupSummary({
  checks,
  children,
}: {
  checks: ReadonlyMap<CheckName, Verdicts>;
  children?: ReactNode;
}) {
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <Suspense fallback={<span className="text-muted">Looking …</span>}>
        <Summary checks={checks} />
      </Suspense>
      {children}
    </div>
  );
}

async function Summary({ checks }: { checks: ReadonlyMap<CheckName, Verdicts> }) {
  const verdicts = (await Promise.all([...checks.values()])).flat();
  const { status, sentence } = summaryOf(verdicts);
  return (
    <>
      <StatusBadge status={status} />
      <span>{sentence}</span>
    </>
  );
}

function Waiting({ check }: { check: CheckName }) {
  return (
    <div className="grid gap-x-4 gap-y-1 py-3 sm:grid-cols-[10rem_1fr]" data-waiting={check}>
      <span className="skeleton h-5 w-24" />
      <span className="space-y-2">
        <span className="skeleton block h-5 w-64 max-w-full" />
        <span className="skeleton block h-4 w-96 max-w-full" />
      </span>
    </div>
  );
}
