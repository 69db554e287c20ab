import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { Busboy, type BusboyFileStream } from "@fastify/busboy";
import { Refused } from "#lib/errors.ts";
import { MAX_FILE_BYTES } from "./limits.ts";

/** What one request may bring; the page sends more in several requests. */
export const MAX_UPLOAD_FILES = 1_000;
export const MAX_UPLOAD_BYTES = 48 * 1024 * 1024;
const MAX_NAME_LENGTH = 200;

const MB = 1024 * 1024;
const BROKE_OFF = "The upload broke off.";
const TOO_LARGE = `The file is larger than ${MAX_FILE_BYTES / MB} MB, which no report is.`;
const TOO_MUCH = `Together with the files before it there are more than ${MAX_UPLOAD_BYTES / MB} MB. Send it again by itself.`;

/** A file of an upload, or why it was not taken. */
export type UploadedFile = { fileName: string; bytes: Buffer } | { fileName: string; reason: string };

/**
 * Reads the files of a multipart/form-data request. What goes past a limit is not kept in memory, and the others are taken.
 * @throws Refused when the request is no upload, has too many files, or broke off
 */
export async function readUpload(request: Request): Promise<UploadedFile[]> {
  const parser = parserFor(request.headers.get("content-type") ?? "");
  const body = request.body as ReadableStream | null;
  if (body === null) throw new Refused(BROKE_OFF);
  const files: UploadedFile[] = [];
  const room = { left: MAX_UPLOAD_BYTES };
  await new Promise<void>((done, failed) => {
    const source = Readable.fromWeb(body);
    const brokeOff = () => {
      source.unpipe(parser).resume(); // what is left unread would hold up the next request on this connection
      failed(new Refused(BROKE_OFF));
    };
    parser.on("filesLimit", () => failed(new Refused(`At most ${MAX_UPLOAD_FILES} files at once.`)));
    parser.on("file", (_, stream, name) => {
      const fileName = (name || "unnamed").slice(-MAX_NAME_LENGTH).replace(/^[\udc00-\udfff]/, "");
      const place = files.push({ fileName, reason: BROKE_OFF }) - 1;
      stream.on("error", brokeOff);
      keep(stream, room, (taken) => {
        files[place] = Buffer.isBuffer(taken) ? { fileName, bytes: taken } : { fileName, reason: taken };
      });
    });
    parser.on("finish", done).on("error", brokeOff);
    source.on("error", brokeOff).pipe(parser);
  });
  return files;
}

/** Reads one file to its end, while there is room; `tell` gets its bytes, or why they were not kept. */
function keep(stream: BusboyFileStream, room: { left: number }, tell: (taken: Buffer | string) => void): void {
  let chunks: Buffer[] = [];
  let size = 0;
  let refused: string | null = null;
  const refuse = (why: string) => {
    refused ??= why;
    chunks = [];
    room.left += size;
    size = 0;
  };
  stream.on("data", (chunk: Buffer) => {
    if (refused !== null) return;
    chunks.push(chunk);
    size += chunk.length;
    room.left -= chunk.length;
    if (room.left < 0) refuse(TOO_MUCH);
  });
  stream.on("limit", () => refuse(TOO_LARGE));
  stream.on("end", () => tell(refused ?? Buffer.concat(chunks)));
}

function parserFor(contentType: string) {
  try {
    return new Busboy({
      headers: { "content-type": contentType },
      limits: { files: MAX_UPLOAD_FILES, fileSize: MAX_FILE_BYTES, fields: 10, fieldSize: 1_000 },
    });
  } catch {
    throw new Refused("Send files as multipart/form-data."); // another type, or one without its boundary
  }
}
