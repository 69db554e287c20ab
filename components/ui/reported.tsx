import { visibleText } from "#lib/standards/visible-text.ts";

/** Letters of a stranger's text that a list shows; the page of the one report shows more. */
export const IN_A_LIST = 200;

/**
 * A text that a stranger wrote, harmless where it stands: on one line, its direction kept to itself, cut when it is long, and
 * with everything in it to be seen.
 */
export function Reported({ text, most = IN_A_LIST }: { text: string; most?: number }) {
  return <bdi className="break-words">{visibleText(text, most)}</bdi>;
}
