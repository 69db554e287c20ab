// Tailwind hides [hidden] and takes paddings away with rules in its layer "base"; only important ones in an earlier layer
// outdo them.
const STYLE = `
  [data-waiting], section:not(:has(ul, table, details)) { display: none }
  @layer theme {
    [id^="S:"] { display: block !important; width: 100%; max-width: 1120px; margin: 0 auto !important; padding: 0 2rem 1rem !important }
    [id^="S:"] > ul[data-name]::before { content: attr(data-name); font-weight: 600 !important }
  }
`;

/** React moves what streams to its place by script; without one, this style shows it where it arrives. */
export function WithoutScript({ nonce }: { nonce: string | undefined }) {
  return (
    <noscript>
      <style nonce={nonce}>{STYLE}</style>
    </noscript>
  );
}
