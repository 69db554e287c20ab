import { visibleText } from "#lib/standards/visible-text.ts";

/** Letters of a stranger's text that a list shows; the page of the one report shows more. */
export const IN_A_LIST = 200;

/**
 * A text that a stranger wrote, harmless where it stands: on one line, its direction kept to itself, cut when it is long, and
 * with everything in it to be seen.
 */
export function Reported({ text, most = IN_A_LIST }: { text: string; most?: number }) {
  // Where its place breaks anywhere, so that a column or a grid can be narrow, it does too: its own rule would win.
  return <bdi className="in-[.wrap-anywhere]:wrap-anywhere break-words">{visibleText(text, most)}</bdi>;
}
