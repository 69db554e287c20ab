import clsx from "clsx";
import { CircleCheck, CircleDashed, Info, OctagonX, TriangleAlert, Zap } from "lucide-react";
import type { Status } from "#lib/checks/verdict.ts";

const LOOKS: Record<Status, { word: string; icon: typeof Info; colour: string }> = {
  pass: { word: "Pass", icon: CircleCheck, colour: "text-pass" },
  warn: { word: "Needs attention", icon: TriangleAlert, colour: "text-warn" },
  fail: { word: "Problem", icon: OctagonX, colour: "text-fail" },
  info: { word: "Note", icon: Info, colour: "text-info" },
  skipped: { word: "Not tested", icon: CircleDashed, colour: "text-quiet" },
  error: { word: "Could not check", icon: Zap, colour: "text-quiet" },
};

/** The one way to show a status: shape, word and colour together. */
export function StatusBadge(props: { status: Status; word?: string; wraps?: boolean; className?: string }) {
  const { status, word, wraps = false, className } = props;
  const { icon: Icon, colour, word: usual } = LOOKS[status];
  return (
    <span
      className={clsx(
        "inline-flex gap-1.5 font-semibold",
        wraps ? "items-start" : "items-center whitespace-nowrap",
        colour,
        className,
      )}
    >
      <Icon aria-hidden="true" className={clsx("size-4 shrink-0", wraps && "mt-0.5")} />
      {word ?? usual}
    </span>
  );
}
