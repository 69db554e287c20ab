import { CodedText } from "#components/ui/coded-text.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { mendingOf } from "#lib/checks/mending.ts";
import { type FindingCode, wordsOf } from "#lib/checks/wording.ts";
import { Fold } from "./fold.tsx";
import { MendingSteps } from "./mending-steps.tsx";
import { RfcLink } from "./rfc-link.tsx";
import { templateText } from "./template-text.ts";

/** Findings in general words, each with its code as the anchor. */
export function FindingList({ codes }: { codes: readonly FindingCode[] }) {
  return (
    <ul className="divide-y divide-line">
      {codes.map((code) => (
        <li
          key={code}
          id={code}
          className="grid scroll-mt-4 gap-x-4 gap-y-1 px-2 py-3 target:bg-sunken sm:grid-cols-[10rem_minmax(0,1fr)] print:break-inside-avoid"
        >
          <StatusBadge status={wordsOf(code).status} className="self-start" />
          <Finding code={code} />
        </li>
      ))}
    </ul>
  );
}

function Finding({ code }: { code: FindingCode }) {
  const { title, detail, fix, reference } = wordsOf(code);
  const mending = mendingOf(code);
  return (
    <div className="min-w-0 space-y-1">
      <h3 className="font-semibold">{title}</h3>
      <p className="max-w-prose text-muted">
        <CodedText text={templateText(detail)} />
      </p>
      {fix && (
        <p className="max-w-prose">
          <span className="font-semibold">What to do: </span>
          <CodedText text={templateText(fix)} />
        </p>
      )}
      {mending && (
        <Fold summary="What to do, step by step">
          <MendingSteps mending={mending} />
        </Fold>
      )}
      <p className="flex flex-wrap gap-x-4 pt-1 text-xs leading-6">
        <a href={`#${code}`} className="break-all font-mono text-muted underline hover:no-underline">
          {code}
        </a>
        {reference && <RfcLink reference={reference} />}
      </p>
    </div>
  );
}
