import { StatusBadge } from "#components/ui/status-badge.tsx";
import { Missing } from "#components/ui/table.tsx";
import type { Act, OutcomeRow, Status } from "#lib/checks/verdict.ts";
import { Fold } from "./fold.tsx";
import { HostName } from "./host-name.tsx";
import { isWell, type MergedRow, mergedRows } from "./outcome-rows.ts";

const SENDERS = [
  ["mtaSts", "MTA-STS sender"],
  ["dane", "DANE sender"],
  ["opportunistic", "Opportunistic sender"],
] as const;

const ACTS: Record<Act, { status: Status; word: string }> = {
  deliver: { status: "pass", word: "Delivers" },
  unprotected: { status: "warn", word: "Delivers unprotected" },
  defer: { status: "fail", word: "Defers" },
};
const NOT_KNOWN = { status: "skipped", word: "Not known" } as const;

/** Rows that are always shown, however well they are. */
const SHOWN = 10;

/** What each kind of sender does at each address, the worst first; on a narrow screen each row is a small list. */
export function OutcomeTable({ rows, domain }: { rows: readonly OutcomeRow[]; domain: string }) {
  const merged = mergedRows(rows);
  if (merged.length === 0) return null;
  const shown = Math.max(SHOWN, merged.filter((row) => !isWell(row)).length);
  const rest = merged.slice(shown);
  return (
    <>
      <Rows rows={merged.slice(0, shown)} caption={`What senders do with mail for ${domain}`} />
      {rest.length > 0 && (
        <Fold summary={`${rest.length} more mail hosts, at which all senders deliver`}>
          <Rows rows={rest} caption={`More mail hosts of ${domain}`} />
        </Fold>
      )}
    </>
  );
}

function Rows({ rows, caption }: { rows: readonly MergedRow[]; caption: string }) {
  return (
    <table className="w-full table-fixed border-collapse text-left max-md:block">
      <caption className="sr-only">{caption}</caption>
      <colgroup className="max-md:hidden">
        {["w-[20%]", "w-[18%]", "w-[13%]", "w-[13%]", "w-[14%]", "w-[22%]"].map((width, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: columns have no names here, and never change.
          <col key={index} className={width} />
        ))}
      </colgroup>
      <thead className="border-line border-b text-muted text-xs max-md:sr-only">
        <tr>
          {["Mail host", "Address", ...SENDERS.map(([, name]) => name), "Why"].map((name) => (
            <th key={name} scope="col" className="py-2 pr-3 font-semibold">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y divide-line max-md:block">
        {rows.map((row) => (
          <Row key={`${row.mx} ${row.addresses.join()} ${row.reason}`} row={row} />
        ))}
      </tbody>
    </table>
  );
}

const CELL = "py-2 pr-3 align-top max-md:block max-md:py-0.5 max-md:pr-0";

function Row({ row }: { row: MergedRow }) {
  return (
    <tr className="max-md:block max-md:py-2 print:break-inside-avoid">
      <th scope="row" className={`${CELL} font-semibold md:font-normal`}>
        <HostName host={row.mx} />
      </th>
      <td className={`${CELL} font-mono [overflow-wrap:anywhere]`}>
        <Addresses addresses={row.addresses} />
      </td>
      {SENDERS.map(([sender, name]) => {
        const { status, word } = row[sender] === null ? NOT_KNOWN : ACTS[row[sender]];
        return (
          <td key={sender} className={`${CELL} max-md:flex max-md:flex-wrap max-md:justify-between max-md:gap-x-3`}>
            <span className="text-muted md:hidden">{name}</span>
            <StatusBadge status={status} word={word} className="max-md:ml-auto md:whitespace-normal" />
          </td>
        );
      })}
      <td className={`${CELL} text-muted`}>{row.reason}</td>
    </tr>
  );
}

/** Addresses that fit in a cell; the others are folded. */
const FEW = 3;

function Addresses({ addresses }: { addresses: readonly string[] }) {
  if (addresses.length === 0) return <Missing />;
  const shown = addresses.length > FEW ? FEW - 1 : FEW;
  const rest = addresses.slice(shown);
  return (
    <>
      <List addresses={addresses.slice(0, shown)} />
      {rest.length > 0 && (
        <Fold summary={<span className="font-sans">{rest.length} more</span>}>
          <List addresses={rest} />
        </Fold>
      )}
    </>
  );
}

function List({ addresses }: { addresses: readonly string[] }) {
  return addresses.map((address) => (
    <span key={address} className="block">
      {address}
    </span>
  ));
}
