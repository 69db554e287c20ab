import type { ReactNode } from "react";

interface Figure {
  name: string;
  /** Null when there is none: shown as such, never as 0. */
  value: number | string | null;
  note?: ReactNode;
}

/** At most four figures on top of a page. */
export function Figures({ figures }: { figures: readonly Figure[] }) {
  return (
    <dl className="flex flex-wrap gap-px overflow-hidden rounded-md border border-line bg-line">
      {figures.map((figure) => (
        <div key={figure.name} className="grow basis-[45%] bg-panel px-4 py-3 md:basis-0">
          <dt className="text-muted text-xs">{figure.name}</dt>
          <dd>
            <span className="block font-semibold text-lg tabular-nums">
              {figure.value === null
                ? "No data"
                : typeof figure.value === "number"
                  ? figure.value.toLocaleString("en")
                  : figure.value}
            </span>
            {figure.value !== null && figure.note && <span className="block text-muted text-xs">{figure.note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
