import clsx from "clsx";
import Link from "next/link";
import type { ComponentProps } from "react";

const BASE =
  "inline-flex items-center justify-center gap-2 rounded-md px-3 py-1.5 text-sm font-semibold border disabled:opacity-60 aria-disabled:opacity-60";
const LOOKS = {
  primary: "bg-accent text-on-accent border-accent hover:bg-accent-strong hover:border-accent-strong",
  secondary: "bg-panel text-text border-line-strong hover:bg-sunken",
  danger: "bg-panel text-fail border-fail hover:bg-sunken",
  quiet: "border-transparent text-accent hover:underline px-1",
};
export type Look = keyof typeof LOOKS;

/** The classes of a button, for the element that has to be another one. */
export function looksLikeButton(look: Look, className?: string): string {
  return clsx(BASE, LOOKS[look], className);
}

/**
 * A button; of type "button" unless told otherwise. A busy one cannot be pressed until what it began is done; it keeps the
 * keyboard's focus, which a disabled one would lose.
 */
export function Button({
  look = "secondary",
  className,
  type = "button",
  busy = false,
  ...rest
}: ComponentProps<"button"> & { look?: Look; busy?: boolean }) {
  return (
    <button
      type={type}
      className={looksLikeButton(look, clsx("whitespace-nowrap", className))}
      {...rest}
      {...(busy && { "aria-disabled": true, onClick: (event) => event.preventDefault() })}
    />
  );
}

/** A link that looks like a button: it leads somewhere and changes nothing. */
export function ButtonLink({ look = "secondary", className, ...rest }: ComponentProps<typeof Link> & { look?: Look }) {
  return <Link className={looksLikeButton(look, clsx("whitespace-nowrap", className))} {...rest} />;
}
