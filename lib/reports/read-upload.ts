import { Readable } from "node:stream";
import { Busboy } from "@fastify/busboy";
import { Refused } from "#lib/errors.ts";
import { MAX_FILE_BYTES } from "./limits.ts";

/** What one request may bring; the page sends more in several requests. */
export const MAX_UPLOAD_FILES = 200;
export const MAX_UPLOAD_BYTES = 48 * 1024 * 1024;
const MAX_NAME_LENGTH = 200;

/** A file of an upload, or why it was not taken. */
export type UploadedFile = { fileName: string; bytes: Buffer } | { fileName: string; reason: string };

/**
 * Reads the files of a multipart/form-data request, each up to the file limit; what goes past it is not kept in memory.
 * @throws Refused when the request is no upload, brings too much at once, or broke off
 */
export async function readUpload(request: Request): Promise<UploadedFile[]> {
  const contentType = request.headers.get("content-type") ?? "";
  if (!/^multipart\/form-data\b/i.test(contentType) || request.body === null) {
    throw new Refused("Send files as multipart/form-data.");
  }
  const parser = new Busboy({
    headers: { "content-type": contentType },
    limits: { files: MAX_UPLOAD_FILES, fileSize: MAX_FILE_BYTES, fields: 10, fieldSize: 1_000 },
  });
  const files: UploadedFile[] = [];
  let total = 0;
  let tooMuch: string | null = null;
  parser.on("filesLimit", () => {
    tooMuch = `At most ${MAX_UPLOAD_FILES} files at once.`;
  });
  parser.on("file", (_, stream, name) => {
    const fileName = (name || "unnamed").slice(-MAX_NAME_LENGTH);
    const place = files.push({ fileName, reason: "The upload broke off." }) - 1;
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => {
      total += chunk.length;
      if (total > MAX_UPLOAD_BYTES) tooMuch = `At most ${MAX_UPLOAD_BYTES / 1024 / 1024} MB at once.`;
      else chunks.push(chunk);
    });
    stream.on("limit", () => {
      chunks.length = 0;
      files[place] = {
        fileName,
        reason: `The file is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB, which no report is.`,
      };
    });
    stream.on("end", () => {
      if (!stream.truncated) files[place] = { fileName, bytes: Buffer.concat(chunks) };
    });
  });
  const body = Readable.fromWeb(request.body as import("node:stream/web").ReadableStream);
  await new Promise<void>((done, failed) => {
    const brokeOff = (error: unknown) => failed(new Refused(`The upload broke off: ${messageOf(error)}`));
    parser.once("finish", done).once("error", brokeOff);
    body.once("error", brokeOff).pipe(parser);
  });
  if (tooMuch !== null) throw new Refused(tooMuch);
  return files;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
