import clsx from "clsx";
import type { ComponentProps, ReactNode } from "react";
import { Reported } from "./reported.tsx";
import { ScrollBox } from "./scroll-box.tsx";

/**
 * A table that scrolls in its own box when it is wider than the screen; `fits` says that even a phone shows its columns.
 * The caption says what its rows are.
 */
export function Table(props: { caption: string; fits?: boolean; head: ReactNode; children: ReactNode }) {
  const { caption, fits, head, children } = props;
  return (
    <ScrollBox label={caption}>
      <table className={clsx("w-full border-collapse text-left", !fits && "min-w-[44rem]")}>
        <caption className="sr-only">{caption}</caption>
        <thead className="border-line border-b text-muted text-xs">
          <tr>{head}</tr>
        </thead>
        <tbody className="divide-y divide-line">{children}</tbody>
      </table>
    </ScrollBox>
  );
}

/** A column's heading; numbers are right-aligned. */
export function Th({ number, className, ...rest }: ComponentProps<"th"> & { number?: boolean }) {
  return <th scope="col" className={clsx("px-2 py-2 font-semibold", number && "text-right", className)} {...rest} />;
}

/** A cell; numbers are right-aligned with figures of one width. */
export function Td({ number, className, ...rest }: ComponentProps<"td"> & { number?: boolean }) {
  return <td className={clsx("px-2 py-2 align-top", number && "text-right tabular-nums", className)} {...rest} />;
}

/** A value that a report did not give, or that is missing for another reason. */
export function Missing({ why = "not reported" }: { why?: string }) {
  return (
    <>
      <span aria-hidden="true">-</span>
      <span className="sr-only">{why}</span>
    </>
  );
}

/** A value as sent, or the mark for a missing one. */
export function Sent({ value, most }: { value: string | null; most?: number }) {
  return value === null || value === "" ? <Missing /> : <Reported text={value} {...(most && { most })} />;
}
