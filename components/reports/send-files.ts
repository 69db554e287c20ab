import type { Chosen } from "./folder-files.ts";

/** What became of a report in a file, as the server answers it. */
export interface Outcome {
  outcome: "stored" | "revision" | "duplicate" | "quarantined" | "refused";
  domain?: string;
  organization?: string;
  day?: string;
  quirks?: string[];
  /** Stored, and not counted until a person says so. */
  held?: boolean;
  reason?: string;
  /** Of what is quarantined: a report, but about none of the team's domains. */
  unclaimed?: boolean;
}

/** One file's outcomes, or why it was not sent. */
export interface FileResult {
  source: Chosen;
  outcomes: Outcome[];
  error: string | null;
}

/** A request stores all its files or none, so it is kept small: an error in the middle costs little. */
const FILES_AT_ONCE = 100;
const BYTES_AT_ONCE = 8 * 1024 * 1024;
const REQUESTS_AT_ONCE = 2;

/** Sends batches of files, a request each, and tells after each what became of its files. Never rejects. */
export async function sendBatches(
  action: string,
  files: readonly Chosen[][],
  tell: (results: FileResult[]) => void,
): Promise<void> {
  const batches = [...files];
  const work = async () => {
    for (let batch = batches.shift(); batch !== undefined; batch = batches.shift())
      tell(await sendBatch(action, batch));
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, work));
}

/** Files in batches that one request takes each. */
export function inBatches(files: readonly Chosen[]): Chosen[][] {
  const batches: Chosen[][] = [];
  let bytes = 0;
  for (const chosen of files) {
    const { size } = chosen.file;
    const last = batches.at(-1);
    if (last === undefined || last.length === FILES_AT_ONCE || bytes + size > BYTES_AT_ONCE) {
      batches.push([chosen]);
      bytes = size;
    } else {
      last.push(chosen);
      bytes += size;
    }
  }
  return batches;
}

async function sendBatch(action: string, files: Chosen[]): Promise<FileResult[]> {
  const failed = (error: string) => files.map((source) => ({ source, outcomes: [], error }));
  const form = new FormData();
  for (const { file } of files) form.append("file", file, file.name);
  try {
    const response = await fetch(action, { method: "POST", body: form });
    const answer: { error?: string; files?: { outcomes: Outcome[] }[] } = await response.json();
    if (!response.ok || answer.files === undefined)
      return failed(answer.error ?? `The server answered ${response.status}.`);
    return files.map((source, index) => ({ source, outcomes: answer.files?.[index]?.outcomes ?? [], error: null }));
  } catch {
    return failed("The server could not be reached, or a file could not be read.");
  }
}
