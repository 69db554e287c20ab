import clsx from "clsx";
import type { ReactNode } from "react";

/**
 * A box that scrolls on its own: sideways when its content is wider than the screen, and down where the class limits its height;
 * reachable by keyboard.
 */
export function ScrollBox(props: { label: string; className?: string; children: ReactNode }) {
  const { label, className, children } = props;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without a tab stop the keyboard could not scroll it (WCAG 2.1.1).
    <section aria-label={label} tabIndex={0} className={clsx("relative overflow-x-auto", className)}>
      {children}
    </section>
  );
}
