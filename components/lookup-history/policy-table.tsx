import { ScrollBox } from "#components/ui/scroll-box.tsx";
import { Table, Td, Th } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";

/** One version of the policy. */
export interface PolicyRow {
  /** Null when there was no valid record beside it. */
  id: string | null;
  hash: string;
  mode: string;
  /** "604800 (7 days)" */
  maxAge: string;
  /** The text as it can be shown. */
  text: string;
  firstSeen: Date;
  lastSeen: Date;
  /** When max_age has passed since it was last seen. */
  runsOut: Date;
}

/** The versions of a domain's policy, the last seen first. */
export function PolicyTable({ policies, now }: { policies: readonly PolicyRow[]; now: Date }) {
  return (
    <Table
      caption="Versions of the policy, the last seen first"
      head={
        <>
          <Th>Id</Th>
          <Th>Mode</Th>
          <Th>max_age</Th>
          <Th>First seen</Th>
          <Th>Last seen</Th>
          <Th>Runs out</Th>
          <Th>Text</Th>
        </>
      }
    >
      {policies.map((policy) => (
        <tr key={`${policy.id} ${policy.hash}`}>
          <Td className="break-all font-mono">{policy.id ?? <span className="font-sans">no valid record</span>}</Td>
          <Td className="font-mono">{policy.mode}</Td>
          <Td className="whitespace-nowrap font-mono">{policy.maxAge}</Td>
          <Td>
            <Time at={policy.firstSeen} />
          </Td>
          <Td>
            <Time at={policy.lastSeen} />
          </Td>
          <Td>
            <Time at={policy.runsOut} now={now} />
          </Td>
          <Td>
            <details>
              <summary className="w-fit hover:underline">Show</summary>
              <ScrollBox label={`Text of the policy ${policy.hash.slice(0, 8)}`}>
                <pre className="max-h-64 max-w-96 rounded-md border border-line bg-sunken p-2 font-mono">
                  {policy.text}
                </pre>
              </ScrollBox>
            </details>
          </Td>
        </tr>
      ))}
    </Table>
  );
}
