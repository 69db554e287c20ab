import clsx from "clsx";
import type { ReactNode } from "react";

/** A bordered section with its own heading. */
export function Card(props: {
  title?: ReactNode;
  id?: string;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  const { title, id, aside, children, className } = props;
  return (
    <section
      id={id}
      aria-labelledby={title && id ? `${id}-title` : undefined}
      className={clsx("rounded-md border border-line bg-panel", className)}
    >
      {title && (
        <div className="flex flex-wrap items-center justify-between gap-2 border-line border-b px-4 py-3">
          <h2 id={id ? `${id}-title` : undefined} className="font-semibold text-base">
            {title}
          </h2>
          {aside}
        </div>
      )}
      <div className="p-4">{children}</div>
    </section>
  );
}

/** A short message inside a page: why something is empty, what went wrong, what to know. */
export function Notice(props: {
  tone?: "info" | "warn" | "fail";
  title?: string;
  children: ReactNode;
  role?: "status" | "alert";
}) {
  const { tone = "info", title, children, role } = props;
  const border = { info: "border-l-info", warn: "border-l-warn", fail: "border-l-fail" }[tone];
  return (
    <div role={role} className={clsx("rounded-md border border-line border-l-4 bg-sunken px-4 py-3", border)}>
      {title && <p className="font-semibold">{title}</p>}
      <div className="space-y-2">{children}</div>
    </div>
  );
}
