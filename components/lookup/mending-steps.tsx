import { CodedText } from "#components/ui/coded-text.tsx";
import { type Mending, PLATFORMS } from "#lib/checks/mending-step.ts";
import { Fold } from "./fold.tsx";

/** How to mend a fault step by step: for every mail system, and folded for each of those where it differs. */
export function MendingSteps({ mending }: { mending: Mending }) {
  return (
    <>
      <Steps steps={mending.general} />
      {PLATFORMS.map(({ key, name }) => {
        const steps = mending[key];
        return (
          steps && (
            <Fold key={key} summary={name}>
              <Steps steps={steps} />
            </Fold>
          )
        );
      })}
    </>
  );
}

function Steps({ steps }: { steps: readonly string[] }) {
  return (
    <ol className="list-decimal space-y-2 pl-5">
      {steps.map((step) => {
        const [sentence = "", ...lines] = step.split("\n");
        return (
          <li key={step} className="max-w-prose">
            <CodedText text={sentence} />
            {lines.length > 0 && (
              <pre className="mt-1 whitespace-pre-wrap rounded-md border border-line bg-sunken p-2 font-mono text-xs [overflow-wrap:anywhere]">
                {lines.join("\n")}
              </pre>
            )}
          </li>
        );
      })}
    </ol>
  );
}
