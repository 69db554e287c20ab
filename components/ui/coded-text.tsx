/** A sentence of ours in which `backticks` mark what comes from or goes into DNS, a policy or a report. */
export function CodedText({ text }: { text: string }) {
  return text.split("`").map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one fixed text never move.
      <code key={index} className="break-all rounded-md bg-sunken px-1 font-mono">
        {part}
      </code>
    ),
  );
}
