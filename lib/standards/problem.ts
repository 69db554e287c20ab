/** `error`: a conformant sender gets nothing, or something broken. `warning`: senders differ. `note`: worth knowing. */
export type Level = "error" | "warning" | "note";

/** One thing that is wrong or remarkable in a text. Parsers return a value and problems, and never throw. */
export interface Problem<Code extends string = string> {
  code: Code;
  level: Level;
  /** The piece of text that it is about, as it was sent. */
  found: string;
  /** Line number in a policy, from 1. */
  line?: number;
  /** The whole line. */
  text?: string;
  /** What senders use instead. */
  effective?: string;
  /** What was probably meant. */
  suggestion?: string;
}

/** The optional parts of a problem. */
export type ProblemExtras = Pick<Problem, "line" | "text" | "effective" | "suggestion">;

export function error<Code extends string>(code: Code, found: string, extras: ProblemExtras = {}): Problem<Code> {
  return { code, level: "error", found, ...extras };
}

export function warning<Code extends string>(code: Code, found: string, extras: ProblemExtras = {}): Problem<Code> {
  return { code, level: "warning", found, ...extras };
}

export function note<Code extends string>(code: Code, found: string, extras: ProblemExtras = {}): Problem<Code> {
  return { code, level: "note", found, ...extras };
}

/** True when a conformant sender cannot use the text. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.level === "error");
}
