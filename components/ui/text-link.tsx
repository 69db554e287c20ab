import Link from "next/link";
import type { ComponentProps } from "react";

/** A link inside a sentence: underlined, since colour alone does not tell it from the words around it (WCAG 1.4.1). */
export function TextLink(props: Omit<ComponentProps<typeof Link>, "className">) {
  return <Link {...props} className="text-accent underline hover:no-underline" />;
}
