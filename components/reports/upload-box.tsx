"use client";

import clsx from "clsx";
import { FolderUp, Upload } from "lucide-react";
import { useRouter } from "next/navigation";
import { type ChangeEvent, type DragEvent, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { FileOutcomes, kindOf } from "./file-outcomes.tsx";
import { type Chosen, chosenFiles, droppedFiles } from "./folder-files.ts";
import { type FileResult, inBatches, sendBatches } from "./send-files.ts";

/** React knows no such attribute; all browsers do. */
const FOLDER = { webkitdirectory: "" };

/** Drop zone and choosers for report files and folders: progress batch by batch, and an outcome for each file. */
export function UploadBox({ action, base }: { action: string; base: string }) {
  const router = useRouter();
  const chooser = useRef<HTMLInputElement>(null);
  const folderChooser = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [planned, setPlanned] = useState({ files: 0, requests: 0 });
  const [requestsDone, setRequestsDone] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);
  const [results, setResults] = useState<readonly FileResult[]>([]);
  const [busy, setBusy] = useState(false);

  const send = async (files: Chosen[]) => {
    if (busy) return setProblem("Wait until the files before are sent, and drop these again.");
    setProblem(files.length === 0 ? "There is no file in it." : null);
    if (files.length === 0) return;
    const batches = inBatches(files);
    setBusy(true);
    setPlanned({ files: files.length, requests: batches.length });
    setRequestsDone(0);
    setResults([]);
    await sendBatches(action, batches, (done) => {
      setResults((before) => [...before, ...done]);
      setRequestsDone((before) => before + 1);
    });
    setBusy(false);
    router.refresh(); // the charts beside it count what has just come in
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    droppedFiles(event.dataTransfer).then(send, () => setProblem("The folder could not be read."));
  };
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    void send(chosenFiles(event.target.files ?? []));
    event.target.value = "";
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
        <p className="text-muted">Drop report files or mails here, or folders of them: .json, .json.gz, .zip, .eml</p>
        <input
          ref={chooser}
          type="file"
          multiple
          aria-label="Report files"
          className="sr-only"
          tabIndex={-1}
          onChange={choose}
        />
        <input
          ref={folderChooser}
          type="file"
          {...FOLDER}
          aria-label="Folder of reports"
          className="sr-only"
          tabIndex={-1}
          onChange={choose}
        />
        <div className="flex flex-wrap justify-center gap-2">
          <Button onClick={() => chooser.current?.click()} busy={busy}>
            <Upload aria-hidden="true" className="size-4" />
            Choose files
          </Button>
          <Button onClick={() => folderChooser.current?.click()} busy={busy}>
            <FolderUp aria-hidden="true" className="size-4" />
            Choose a folder
          </Button>
        </div>
      </div>
      {problem !== null && <p role="alert">{problem}</p>}
      {planned.files > 0 && (
        <div className="space-y-2">
          <progress
            max={planned.files}
            value={results.length - failed.length}
            aria-label="Files sent"
            className="h-2 w-full"
          />
          <p role="status">{statusOf(results, planned, requestsDone, busy)}</p>
          {!busy && failed.length > 0 && <Button onClick={() => void send(failed)}>Try {failed.length} again</Button>}
          <FileOutcomes results={results} base={base} />
        </div>
      )}
    </div>
  );
}

function statusOf(
  results: readonly FileResult[],
  planned: { files: number; requests: number },
  requestsDone: number,
  busy: boolean,
): string {
  const kinds = results.flatMap(({ outcomes }) => outcomes.map(kindOf));
  const count = (...names: string[]) => kinds.filter((kind) => names.includes(kind)).length;
  const errors = results.filter((result) => result.error).length;
  const parts = [
    [count("stored", "revision"), "stored"],
    [count("held"), "held"],
    [count("duplicate"), "known already"],
    [count("unclaimed"), "unclaimed"],
    [count("quarantined", "refused"), "not taken"],
    [errors, "not sent"],
  ].filter(([number]) => Number(number) > 0);
  const counted = parts.map(([number, word]) => `${number?.toLocaleString("en")} ${word}`).join(", ");
  const sent = results.length - errors;
  const files = `${sent.toLocaleString("en")} of ${planned.files === 1 ? "1 file" : `${planned.files.toLocaleString("en")} files`}`;
  if (!busy) return `${files} sent: ${counted || "nothing found"}.`;
  const request = planned.requests > 1 ? `, ${requestsDone} of ${planned.requests} requests done` : "";
  return `Sending: ${files}${request}${counted && ` (${counted})`} …`;
}
