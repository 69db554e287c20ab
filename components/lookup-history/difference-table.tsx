import { CodedText } from "#components/ui/coded-text.tsx";
import { Table, Td, Th } from "#components/ui/table.tsx";
import type { ChangeWords } from "#lib/lookups/history-words.ts";

/** What was then and what is now, side by side. */
export function DifferenceTable({ changes }: { changes: readonly ChangeWords[] }) {
  return (
    <Table
      caption="Then and now, side by side"
      head={
        <>
          <Th>What</Th>
          <Th>Then</Th>
          <Th>Now</Th>
        </>
      }
    >
      {changes.map(({ title, before, after }) => (
        <tr key={`${title} ${before} ${after}`}>
          <Td>
            <CodedText text={title} />
          </Td>
          <Td>
            <CodedText text={before} />
          </Td>
          <Td>
            <CodedText text={after} />
          </Td>
        </tr>
      ))}
    </Table>
  );
}
