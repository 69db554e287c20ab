import type { ReactNode } from "react";
import { type Look, looksLikeButton } from "./button.tsx";

/** What looks like a button, and first shows what it would do; the form inside does it. Works without JavaScript. */
export function Confirm(props: { label: ReactNode; look?: Look; className?: string; children: ReactNode }) {
  const { label, look = "secondary", className, children } = props;
  return (
    <details className={className}>
      <summary className={looksLikeButton(look, "w-fit max-w-full [overflow-wrap:anywhere]")}>{label}</summary>
      <div className="mt-2 max-w-prose space-y-3 whitespace-normal rounded-md border border-line-strong bg-sunken p-3 text-left">
        {children}
      </div>
    </details>
  );
}
