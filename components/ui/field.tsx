import clsx from "clsx";
import type { ComponentProps, ReactNode } from "react";

const CONTROL = "w-full rounded-md border border-line-strong bg-panel px-3 py-1.5 text-sm aria-invalid:border-fail";

/** A labelled input with its hint and its error, tied together for assistive technology. */
export function Field(
  props: {
    label: string;
    name: string;
    hint?: ReactNode;
    error?: string | null;
    mono?: boolean;
  } & ComponentProps<"input">,
) {
  const { label, name, hint, error, mono, id = name, className, ...input } = props;
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className={clsx("space-y-1", className)}>
      <label htmlFor={id} className="block font-semibold">
        {label}
      </label>
      <input
        {...input}
        id={id}
        name={name}
        aria-invalid={error ? true : undefined}
        aria-describedby={described || undefined}
        className={clsx(CONTROL, mono && "font-mono")}
      />
      {hint && (
        <p id={`${id}-hint`} className="text-muted text-xs">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="text-fail">
          {error}
        </p>
      )}
    </div>
  );
}

/** A labelled choice among a few values. */
export function SelectField(
  props: { label: string; name: string; error?: string | null; hideLabel?: boolean } & ComponentProps<"select">,
) {
  const { label, name, error, id = name, hideLabel, className, children, ...select } = props;
  return (
    <div className={clsx("space-y-1", className)}>
      <label htmlFor={id} className={hideLabel ? "sr-only" : "block font-semibold"}>
        {label}
      </label>
      <select {...select} id={id} name={name} className={CONTROL}>
        {children}
      </select>
      {error && <p className="text-fail">{error}</p>}
    </div>
  );
}
