import clsx from "clsx";
import { Circle, CircleCheck, CircleSlash, Zap } from "lucide-react";
import { DnsRecord, FileToPublish } from "#components/ui/dns-record.tsx";
import type { Step } from "#lib/rollout/checklist.ts";

const STATES = {
  done: { word: "Done", icon: CircleCheck, colour: "text-pass" },
  open: { word: "Open", icon: Circle, colour: "text-warn" },
  blocked: { word: "Blocked", icon: CircleSlash, colour: "text-quiet" },
  unknown: { word: "Could not check", icon: Zap, colour: "text-quiet" },
} as const;

/** The rollout's steps: state, what it rests on, and exactly what to publish. The first open one is unfolded. */
export function StepList({ steps }: { steps: readonly Step[] }) {
  const next = steps.find((step) => step.state === "open");
  return (
    <ol className="divide-y divide-line">
      {steps.map((step) => {
        const { word, icon: Icon, colour } = STATES[step.state];
        return (
          <li key={step.id} className="space-y-1 py-3 first:pt-0 last:pb-0">
            <h3 className="flex flex-wrap items-baseline justify-between gap-x-2 font-semibold">
              {step.title}
              <span className={clsx("inline-flex items-center gap-1 text-xs", colour)}>
                <Icon aria-hidden="true" className="size-4" />
                {word}
              </span>
            </h3>
            <p className="break-words text-muted">{step.evidence}</p>
            {step.publish.length > 0 && (
              <details open={step === next}>
                <summary className="w-fit text-accent hover:underline">What to publish</summary>
                <div className="space-y-3 pt-2">
                  {step.publish.map((item) =>
                    item.kind === "record" ? (
                      <DnsRecord key={item.name} name={item.name} value={item.value} />
                    ) : (
                      <FileToPublish key={item.address} address={item.address} text={item.text} />
                    ),
                  )}
                  {step.publish.length > 1 && (
                    <p className="text-muted text-xs">Publish the file first, then the record with its new id.</p>
                  )}
                </div>
              </details>
            )}
          </li>
        );
      })}
    </ol>
  );
}
