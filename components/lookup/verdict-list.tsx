import clsx from "clsx";
import { CodedText } from "#components/ui/coded-text.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { ABOUT_CHECKS } from "#lib/checks/about-checks.ts";
import { mendingOf } from "#lib/checks/mending.ts";
import type { Verdict } from "#lib/checks/verdict.ts";
import { Fold } from "./fold.tsx";
import { MendingSteps } from "./mending-steps.tsx";
import { RfcLink } from "./rfc-link.tsx";
import {
  type Alike,
  aboutHref,
  alike,
  detailOf,
  evidenceLines,
  isUrgent,
  subjectOf,
  titleOf,
} from "./shown-verdict.ts";

interface Place {
  domain: string;
  /** The host under whose name the list stands; otherwise null. */
  host?: string | null;
}

const MOST_SUBJECTS = 4;

/** Verdicts, the worst first; those that say the same stand together, and what is well is folded to its title. */
export function VerdictList({ verdicts, ...place }: { verdicts: readonly Verdict[] } & Place) {
  const [first] = verdicts;
  if (first === undefined) return null;
  return (
    // Without script a list can stand where its group's heading does not: the page's style shows its name then.
    <ul className="divide-y divide-line" data-name={place.host ? undefined : ABOUT_CHECKS[first.check].name}>
      {alike(verdicts).map((group) => (
        <li
          key={`${group.first.check} ${group.first.code}`}
          className="grid gap-x-4 gap-y-1 py-2.5 sm:grid-cols-[10rem_minmax(0,1fr)] print:break-inside-avoid"
        >
          <StatusBadge status={group.first.status} className="self-start" />
          <Finding group={group} {...place} />
        </li>
      ))}
    </ul>
  );
}

function Finding({ group, domain, host = null }: { group: Alike } & Place) {
  const { first, all } = group;
  const title = <Title group={group} domain={domain} host={host} />;
  const rest = all.length > 1 ? <Each verdicts={all} domain={domain} host={host} /> : <Basis verdict={first} />;
  if (first.status === "pass" || first.status === "skipped") {
    return (
      <details className="min-w-0 print:details-content:[content-visibility:visible]">
        <summary className="w-fit max-w-full hover:underline">{title}</summary>
        <div className="space-y-1 pt-1">
          {all.length === 1 && <Detail verdict={first} />}
          {all.length === 1 && first.fix !== null && <ToDo verdict={first} />}
          {rest}
        </div>
      </details>
    );
  }
  return (
    <div className="min-w-0 space-y-1">
      {title}
      <Detail verdict={first} />
      <ToDo verdict={first} />
      <Fold summary={<span className="text-xs">{all.length > 1 ? `Each of the ${all.length}` : "Evidence"}</span>}>
        {rest}
      </Fold>
    </div>
  );
}

function Title({ group, domain, host = null }: { group: Alike } & Place) {
  const Heading = host === null ? "h3" : "h4";
  const subjects = group.all.flatMap((verdict) => subjectOf(verdict, domain, host) ?? []);
  const left = subjects.length - MOST_SUBJECTS;
  return (
    <Heading className={clsx("inline", isUrgent(group.first) && "font-semibold")}>
      {titleOf(group.first)}
      {subjects.slice(0, MOST_SUBJECTS).map((subject, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a subject can come twice; the list never changes.
        <span key={index} className="font-mono font-normal text-muted [overflow-wrap:anywhere]">
          {index > 0 && ","} {subject}
        </span>
      ))}
      {left > 0 && <span className="font-normal text-muted"> and {left} more</span>}
    </Heading>
  );
}

function Detail({ verdict }: { verdict: Verdict }) {
  return (
    <p className="max-w-prose text-muted">
      <CodedText text={detailOf(verdict)} />
    </p>
  );
}

function ToDo({ verdict }: { verdict: Verdict }) {
  const mending = mendingOf(verdict.code);
  return (
    <>
      {verdict.fix && (
        <p className="max-w-prose">
          <span className="font-semibold">What to do: </span>
          <CodedText text={verdict.fix} />
        </p>
      )}
      {mending && (
        <Fold summary="What to do, step by step">
          <MendingSteps mending={mending} />
        </Fold>
      )}
    </>
  );
}

/** Subjects of one finding that each have their evidence; of more, it is in the file to download. */
const FEW = 4;

/** The same finding of several subjects, one by one. */
function Each({ verdicts, domain, host = null }: { verdicts: readonly Verdict[] } & Place) {
  return (
    <>
      <ul className="space-y-2">
        {verdicts.map((verdict, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a subject can come twice; the list never changes.
          <li key={index} className="space-y-1">
            <p className="font-mono text-xs [overflow-wrap:anywhere]">
              {subjectOf(verdict, domain, host) ?? verdict.subject}
            </p>
            <Detail verdict={verdict} />
            {verdicts.length <= FEW && <EvidenceText verdict={verdict} />}
          </li>
        ))}
      </ul>
      {verdicts[0] && <More verdict={verdicts[0]} />}
    </>
  );
}

/** What a verdict rests on, and where to read more. */
function Basis({ verdict }: { verdict: Verdict }) {
  return (
    <>
      <EvidenceText verdict={verdict} />
      <More verdict={verdict} />
    </>
  );
}

function EvidenceText({ verdict }: { verdict: Verdict }) {
  return (
    <pre className="whitespace-pre-wrap rounded-md border border-line bg-sunken p-3 font-mono text-xs [overflow-wrap:anywhere]">
      {evidenceLines(verdict).join("\n")}
    </pre>
  );
}

function More({ verdict }: { verdict: Verdict }) {
  return (
    <p className="flex flex-wrap gap-x-4 text-xs">
      {/* No Link: only when the browser itself goes there does it mark the finding (:target). */}
      <a href={aboutHref(verdict)} className="text-accent underline hover:no-underline">
        About this check
      </a>
      {verdict.reference && <RfcLink reference={verdict.reference} />}
    </p>
  );
}
