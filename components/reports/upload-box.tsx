"use client";

import clsx from "clsx";
import { Upload } from "lucide-react";
import { useRouter } from "next/navigation";
import { type DragEvent, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { FileOutcomes } from "./file-outcomes.tsx";
import { type FileResult, sendFiles } from "./send-files.ts";

/** Drop zone and file chooser for reports: several files at once, progress, and an outcome for each file. */
export function UploadBox({ action, quarantineHref }: { action: string; quarantineHref: string }) {
  const router = useRouter();
  const chooser = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [total, setTotal] = useState(0);
  const [results, setResults] = useState<readonly FileResult[]>([]);
  const [busy, setBusy] = useState(false);

  const send = async (files: File[]) => {
    if (files.length === 0 || busy) return;
    setBusy(true);
    setTotal(files.length);
    setResults([]);
    await sendFiles(action, files, (done) => setResults((before) => [...before, ...done]));
    setBusy(false);
    router.refresh(); // the charts beside it count what has just come in
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void send([...event.dataTransfer.files]);
  };
  const failed = results.flatMap((result) => (result.error ? [result.source] : []));

  return (
    <div className="space-y-3">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button inside does the same. */}
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={clsx(
          "space-y-2 rounded-md border border-dashed p-4 text-center",
          over ? "border-accent bg-sunken" : "border-line-strong",
        )}
      >
        <p className="text-muted">Drop report files or mails here: .json, .json.gz, .zip, .eml</p>
        <input
          ref={chooser}
          type="file"
          multiple
          aria-label="Report files"
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            void send([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
        <Button onClick={() => chooser.current?.click()} disabled={busy}>
          <Upload aria-hidden="true" className="size-4" />
          Choose files
        </Button>
      </div>
      {total > 0 && (
        <div className="space-y-2">
          <progress max={total} value={results.length} aria-label="Files sent" className="h-2 w-full accent-accent" />
          <p role="status">{statusOf(results, total, busy)}</p>
          {!busy && failed.length > 0 && <Button onClick={() => void send(failed)}>Try {failed.length} again</Button>}
          <FileOutcomes results={results} quarantineHref={quarantineHref} />
        </div>
      )}
    </div>
  );
}

function statusOf(results: readonly FileResult[], total: number, busy: boolean): string {
  const outcomes = results.flatMap((result) => result.outcomes);
  const count = (...names: string[]) => outcomes.filter(({ outcome }) => names.includes(outcome)).length;
  const errors = results.filter((result) => result.error).length;
  const parts = [
    [count("stored", "revision"), "stored"],
    [count("duplicate"), "known already"],
    [count("quarantined", "refused"), "not taken"],
    [errors, "not sent"],
  ].filter(([number]) => Number(number) > 0);
  const counted = parts.map(([number, word]) => `${number?.toLocaleString("en")} ${word}`).join(", ");
  const files = `${results.length.toLocaleString("en")} of ${total.toLocaleString("en")} files`;
  return busy ? `Sending: ${files}${counted && ` (${counted})`} …` : `${files} sent: ${counted || "nothing found"}.`;
}
