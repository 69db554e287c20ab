import clsx from "clsx";
import type { ReactNode } from "react";

/** Something one click away; on paper it is unfolded. */
export function Fold(props: { summary: ReactNode; open?: boolean; children: ReactNode; className?: string }) {
  const { summary, open, children, className } = props;
  return (
    <details open={open} className={clsx("print:details-content:[content-visibility:visible]", className)}>
      <summary className="w-fit max-w-full text-accent hover:underline">{summary}</summary>
      <div className="space-y-3 pt-2 pb-1">{children}</div>
    </details>
  );
}
