import { Table, Td, Th } from "#components/ui/table.tsx";

/** What became of the lines of a list that were not added; names as people write them. */
export interface ListOutcome {
  refused: readonly { line: number; text: string; sentence: string; suggestion: string | null }[];
  repeated: readonly { line: number; name: string; first: number }[];
  known: readonly { line: number; name: string }[];
}

/** Each refused line with its number and the reason; those that needed nothing are one click away. */
export function ListOutcomes({ outcome: { refused, repeated, known } }: { outcome: ListOutcome }) {
  return (
    <div className="space-y-3">
      {refused.length > 0 && (
        <>
          <p className="font-semibold">{`${countOf(refused.length, "line")} not added. Correct ${refused.length === 1 ? "it" : "them"} below, and add again.`}</p>
          <div className="max-h-80 overflow-y-auto rounded-md border border-line">
            <Table
              caption="Lines that were not added"
              fits
              head={
                <>
                  <Th number>Line</Th>
                  <Th>What stood there</Th>
                  <Th>Why not</Th>
                </>
              }
            >
              {refused.map(({ line, text, sentence, suggestion }) => (
                <tr key={`${line} ${text}`}>
                  <Td number>{line}</Td>
                  <Td className="break-all font-mono">{clip(text)}</Td>
                  <Td>
                    {sentence}
                    {suggestion !== null && (
                      <>
                        {" "}
                        Perhaps <span className="break-all font-mono">{suggestion}</span>?
                      </>
                    )}
                  </Td>
                </tr>
              ))}
            </Table>
          </div>
        </>
      )}
      <Lines
        title={`${countOf(known.length, "line")} with a domain of the team already`}
        lines={known.map(({ line, name }) => `Line ${line}: ${name}`)}
      />
      <Lines
        title={`${countOf(repeated.length, "line")} with a domain that stands further up`}
        lines={repeated.map(({ line, name, first }) => `Line ${line}: ${name}, as on line ${first}`)}
      />
    </div>
  );
}

function Lines({ title, lines }: { title: string; lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <details>
      <summary className="w-fit text-muted hover:underline">{title}</summary>
      <ul className="max-h-60 overflow-y-auto pt-1 font-mono text-xs">
        {lines.map((line) => (
          <li key={line} className="break-all">
            {line}
          </li>
        ))}
      </ul>
    </details>
  );
}

function countOf(count: number, what: string): string {
  return `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;
}

function clip(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
