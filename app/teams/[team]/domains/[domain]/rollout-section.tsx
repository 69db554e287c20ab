import { StepList } from "#components/rollout/step-list.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { Time } from "#components/ui/time.tsx";
import type { DomainRow } from "#lib/db/domains.ts";
import type { StoredLookup } from "#lib/db/lookups.ts";
import { lookUpAndKeep } from "#lib/lookups/keep-lookup.ts";
import { standing } from "#lib/rollout/checklist.ts";
import { rolloutState } from "#lib/rollout/rollout-state.ts";
import { displayName } from "#lib/standards/domain-name.ts";

interface Part {
  domain: DomainRow;
  /** Null before the first lookup, which then runs now. */
  stored: StoredLookup | null;
  now: Date;
}

/** The page's h1: where the domain stands. */
export async function RolloutHeading(part: Part) {
  const { lookup, steps, problems } = await state(part);
  const title = standing(displayName(part.domain.name), steps, problems);
  const next = steps.find((step) => step.state === "open" || step.state === "unknown");
  return (
    <PageHeading title={title}>
      {next ? `Next: ${next.title}. ` : ""}
      <span className="text-sm">
        Looked up <Time at={lookup.checkedAt} now={part.now} />.
      </span>
    </PageHeading>
  );
}

/** The steps with their evidence; the record that holds the inbox's address only for who may see that. */
export async function RolloutSteps({ mayViewInbox, ...part }: Part & { mayViewInbox: boolean }) {
  const { steps } = await state(part);
  const shown = mayViewInbox ? steps : steps.map((step) => (step.id === "tls-rpt" ? { ...step, publish: [] } : step));
  return <StepList steps={shown} />;
}

async function state({ domain, stored, now }: Part) {
  const lookup = stored ?? (await lookUpAndKeep(domain).stored);
  return { lookup, ...(await rolloutState(domain, lookup, now)) };
}
