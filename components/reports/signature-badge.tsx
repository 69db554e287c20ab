import { Reported } from "#components/ui/reported.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { Missing } from "#components/ui/table.tsx";
import type { SignatureKind } from "#lib/reports/signature-kind.ts";

const LOOKS = {
  signed: { status: "pass", word: "Signed by" },
  unsigned: { status: "info", word: "Not signed" },
  other: { status: "warn", word: "Signed by somebody else" },
  invalid: { status: "warn", word: "Signature not valid" },
  unchecked: { status: "error", word: "Could not check" },
} as const;

/** What the DKIM signature of a report's mail says; a mark where the report came in no mail. */
export function SignatureBadge({ kind, signer }: { kind: SignatureKind | null; signer: string | null }) {
  if (kind === null) return <Missing why="it came in no mail" />;
  return (
    <>
      <StatusBadge {...LOOKS[kind]} wraps />
      {signer !== null && kind !== "unsigned" && (
        <span className="block font-mono text-muted text-xs wrap-anywhere">
          <Reported text={signer} most={80} />
        </span>
      )}
    </>
  );
}
