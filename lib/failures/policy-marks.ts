import { readStsPolicy } from "#lib/standards/sts-policy.ts";

/** A day on which reporters first applied another policy than before. */
export interface PolicyMark {
  day: string;
  label: string;
}

/**
 * The policy changes of a period, from the versions that reports carry. Reporters cache, so that a mark is the first day on
 * which somebody applied the new one.
 */
export function policyMarks(
  versions: readonly { strings: readonly string[]; firstDay: string }[],
  from: string,
): PolicyMark[] {
  return versions.flatMap((version, index) => {
    const before = versions[index - 1];
    if (before === undefined || version.firstDay < from) return [];
    const mode = modeOf(version.strings);
    const label = mode !== null && mode !== modeOf(before.strings) ? `Policy: ${mode}` : "Policy changed";
    return [{ day: version.firstDay, label }];
  });
}

function modeOf(strings: readonly string[]): string | null {
  return readStsPolicy(strings.join("\n")).parts.mode;
}
