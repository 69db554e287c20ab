import clsx from "clsx";
import { CodedText } from "#components/ui/coded-text.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import type { Verdict } from "#lib/checks/verdict.ts";

/** The verdicts of one check, each with what to do and, one click away, what it rests on. */
export function VerdictList({ verdicts }: { verdicts: readonly Verdict[] }) {
  return (
    <ul className="divide-y divide-line">
      {verdicts.map((verdict, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one check can say the same of two things; the list never changes.
        <li key={index} className="grid gap-x-4 gap-y-1 py-3 sm:grid-cols-[10rem_1fr]">
          <StatusBadge status={verdict.status} className="self-start" />
          <VerdictText verdict={verdict} />
        </li>
      ))}
    </ul>
  );
}

function VerdictText({ verdict }: { verdict: Verdict }) {
  const acts = verdict.status === "fail" || verdict.status === "warn" || verdict.status === "error";
  return (
    <div className="min-w-0 space-y-1">
      <h3 className={clsx(acts && "font-semibold")}>
        {verdict.title}
        {/* The subject is only news where a check judges several. */}
        {verdict.check === "mta-sts-mx" && <span className="break-all font-mono font-normal"> {verdict.subject}</span>}
      </h3>
      <p className="max-w-prose text-muted">
        <CodedText text={verdict.detail} />
      </p>
      {verdict.fix && (
        <p className="max-w-prose">
          <span className="font-semibold">What to do: </span>
          <CodedText text={verdict.fix} />
        </p>
      )}
      <details>
        <summary className="w-fit text-muted text-xs hover:underline">
          Evidence{verdict.reference && ` · ${verdict.reference}`}
        </summary>
        <Evidence verdict={verdict} />
      </details>
    </div>
  );
}

function Evidence({ verdict }: { verdict: Verdict }) {
  return (
    <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 rounded-md border border-line bg-sunken p-3 text-xs">
      <dt className="text-muted">check</dt>
      <dd className="font-mono">{verdict.check}</dd>
      <dt className="text-muted">finding</dt>
      <dd className="font-mono">{verdict.code}</dd>
      {Object.entries(verdict.evidence).map(([name, value]) => (
        <EvidenceRow key={name} name={name} value={value} />
      ))}
    </dl>
  );
}

function EvidenceRow({ name, value }: { name: string; value: unknown }) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 1);
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="max-h-64 overflow-y-auto whitespace-pre-wrap break-all font-mono">{text}</dd>
    </>
  );
}
