/** Mail systems for which mending steps differ, as their makers call them. */
export const PLATFORMS = [
  { key: "postfix", name: "Postfix" },
  { key: "exchange", name: "Exchange Server (on-premises)" },
  { key: "microsoft365", name: "Microsoft 365" },
  { key: "googleWorkspace", name: "Google Workspace" },
] as const;

export type Platform = (typeof PLATFORMS)[number]["key"];

/**
 * How to mend one kind of fault, step by step: for every mail system, and where it differs for one of them. A step is a
 * sentence in which `backticks` mark code; what follows its first line break are lines to type or to put into a file.
 */
export type Mending = { general: readonly string[] } & { [Name in Platform]?: readonly string[] };
