import type { ReactNode } from "react";

/** A page's one h1, which answers its question, and the first sentence below it. */
export function PageHeading({ title, children, aside }: { title: ReactNode; children?: ReactNode; aside?: ReactNode }) {
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 space-y-1">
        <h1 className="break-words font-semibold text-xl">{title}</h1>
        {children && <div className="max-w-prose text-base text-muted">{children}</div>}
      </div>
      {aside && <div className="flex flex-wrap gap-2">{aside}</div>}
    </div>
  );
}
