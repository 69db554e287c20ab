import { doorName } from "#components/reports/doors.ts";
import { ActionForm, FormField } from "#components/ui/action-form.tsx";
import { looksLikeButton } from "#components/ui/button.tsx";
import { Confirm } from "#components/ui/confirm.tsx";
import { fileSize } from "#components/ui/file-size.ts";
import { Reported } from "#components/ui/reported.tsx";
import { Sent, Table, Td, Th } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { QuarantineRow, Tray } from "#lib/db/quarantine.ts";
import { visibleText } from "#lib/standards/visible-text.ts";
import { assignFileAction, discardFilesAction, retryFilesAction } from "./tray-actions.ts";

interface Where {
  team: string;
  domain: string;
  tray: Tray;
  /** The page of the tray, which is shown again after a change. */
  page: number;
}

/** Files that were not taken, with the reason and what can be done. */
export function TrayTable({
  rows,
  mayChange,
  ...where
}: Where & { rows: readonly QuarantineRow[]; mayChange: boolean }) {
  const { team, domain, tray } = where;
  const table = (
    <Table
      caption={tray === "unclaimed" ? "Unclaimed files, the latest first" : "Files in quarantine, the latest first"}
      head={
        <>
          <Th>File, and why it was not taken</Th>
          <Th>Received</Th>
          <Th number>Size</Th>
          <Th>What to do</Th>
        </>
      }
    >
      {rows.map((row) => (
        <tr key={row.id}>
          <Td className="min-w-64 max-w-prose">
            <p className="font-mono wrap-anywhere">
              <Sent value={row.fileName} most={150} />
            </p>
            <p className="break-words">
              <Reported text={row.reason} most={600} /> <span className="font-mono text-muted text-xs">{row.code}</span>
            </p>
          </Td>
          <Td className="whitespace-nowrap">
            <Time at={row.receivedAt} />
            <span className="block text-muted text-xs">by {doorName(row.door)}</span>
          </Td>
          <Td number className="whitespace-nowrap">
            {fileSize(row.size)}
          </Td>
          <Td className="w-88 min-w-88 space-y-2">
            {!row.hasBytes && (
              <p className="text-muted">The file itself is past the team's time for raw files; that it came is kept.</p>
            )}
            {row.hasBytes && mayChange && tray === "unclaimed" && <AssignForm row={row} {...where} />}
            <div className="flex flex-wrap items-start gap-2">
              {row.hasBytes && (
                <a
                  href={`/api/teams/${team}/domains/${domain}/quarantine/${row.id}`}
                  className={looksLikeButton("secondary")}
                  download
                >
                  Download<span className="sr-only"> {visibleText(row.fileName ?? "the file", 100)}</span>
                </a>
              )}
              {mayChange && <Actions row={row} {...where} />}
            </div>
          </Td>
        </tr>
      ))}
    </Table>
  );
  return (
    <>
      {table}
      {mayChange && rows.length > 1 && <Together rows={rows} {...where} />}
    </>
  );
}

/** What can be done with all files of the page at once. */
function Together({ rows, team, domain, tray, page }: Where & { rows: readonly QuarantineRow[] }) {
  const count = rows.length;
  const readable = rows.filter(({ hasBytes }) => hasBytes).map(({ id }) => id);
  return (
    <section aria-label="All on this page" className="mt-3 flex flex-wrap items-start gap-2">
      {readable.length > 0 && (
        <ActionForm
          action={retryFilesAction.bind(null, [team, domain, tray, readable])}
          submit={`Try these ${readable.length} again`}
          look="secondary"
          className="space-y-1"
        >
          <PageOfTray page={page} />
        </ActionForm>
      )}
      <Confirm label={`Discard these ${count} …`} look="danger">
        <p>
          All {count} files of this page are removed for good. They cannot be read again later, nor be brought back.
        </p>
        <ActionForm
          action={discardFilesAction.bind(null, [team, domain, tray, rows.map(({ id }) => id)])}
          submit={`Discard ${count} files`}
          look="danger"
          className="space-y-3"
        >
          <PageOfTray page={page} />
        </ActionForm>
      </Confirm>
    </section>
  );
}

function AssignForm({ row: { id }, team, domain, tray, page }: Where & { row: QuarantineRow }) {
  return (
    <ActionForm
      action={assignFileAction.bind(null, [team, domain, tray, [id]])}
      submit="Assign"
      look="secondary"
      className="flex flex-wrap items-end gap-2"
    >
      <PageOfTray page={page} />
      <FormField
        label="Assign to"
        name="domain"
        id={`assign-${id}`}
        mono
        required
        list="team-domains"
        placeholder={domain}
        className="min-w-48 flex-1"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
    </ActionForm>
  );
}

function Actions({ row: { id, hasBytes }, team, domain, tray, page }: Where & { row: QuarantineRow }) {
  return (
    <>
      {hasBytes && (
        <ActionForm
          action={retryFilesAction.bind(null, [team, domain, tray, [id]])}
          submit="Try again"
          look="secondary"
          className="space-y-1"
        >
          <PageOfTray page={page} />
        </ActionForm>
      )}
      <Confirm label="Discard …" look="danger">
        <p>The file is removed for good. It cannot be read again later, nor be brought back.</p>
        <ActionForm
          action={discardFilesAction.bind(null, [team, domain, tray, [id]])}
          submit="Discard"
          look="danger"
          className="space-y-3"
        >
          <PageOfTray page={page} />
        </ActionForm>
      </Confirm>
    </>
  );
}

function PageOfTray({ page }: { page: number }) {
  return page > 1 && <input type="hidden" name="page" value={page} />;
}
