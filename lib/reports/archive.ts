import { crc32 } from "node:zlib";
import { type Entry, fromBufferPromise, getFileNameLowLevel, type ZipFile } from "yauzl";
import { type Budget, inflate, type Wrapping } from "./inflate.ts";
import { MAX_INFLATED_BYTES, MAX_ZIP_ENTRIES } from "./limits.ts";
import { Refusal, type Refused, rejected } from "./refusal.ts";

/** One file of an archive: its bytes, or why there are none. */
export interface ZipEntry {
  name: string;
  content: Buffer | Refused;
}

const ENTRY: Wrapping = { what: "its data", truncated: "truncated-zip", damaged: "damaged-zip" };
const END_OF_DIRECTORY = Buffer.from([0x50, 0x4b, 0x05, 0x06]);
const END_SIZE = 22;
const MAX_COMMENT = 0xffff;

/**
 * The files of a zip archive, one after the other. A file that cannot be read says so and does not stop the others; an
 * archive that cannot be read throws a Refusal. Names are only ever names here: nothing is written.
 */
export async function* readZip(bytes: Buffer, budget: Budget): AsyncGenerator<ZipEntry> {
  const zip = await open(bytes);
  if (zip.entryCount > MAX_ZIP_ENTRIES) {
    throw new Refusal(
      rejected("too-many-zip-entries", `the zip archive has ${zip.entryCount} entries, more than ${MAX_ZIP_ENTRIES}`),
    );
  }
  const entries = zip.eachEntry();
  for (;;) {
    const next = await entries.next().catch(() => null);
    if (next === null) throw damaged("its directory cannot be read");
    if (next.done === true) return;
    const name = nameOf(next.value);
    if (isBeside(name)) continue;
    if (budget.left <= 0) {
      const most = MAX_INFLATED_BYTES / 1024 / 1024;
      throw new Refusal(
        rejected(
          "too-large",
          `with what is damaged in it the zip archive may inflate to more than ${most} MB, and it is not read further`,
        ),
      );
    }
    yield { name, content: await read(zip, next.value, bytes, budget) };
  }
}

/** Where the archive ends; bytes behind that are no part of it (quirk 37). The length when there is no end. */
export function endOfZip(bytes: Buffer): number {
  if (bytes.length < END_SIZE) return bytes.length;
  let at = bytes.lastIndexOf(END_OF_DIRECTORY, bytes.length - END_SIZE);
  while (at >= 0 && at > bytes.length - END_SIZE - 2 * MAX_COMMENT) {
    const end = at + END_SIZE + bytes.readUInt16LE(at + 20);
    if (end <= bytes.length) return end;
    at = at === 0 ? -1 : bytes.lastIndexOf(END_OF_DIRECTORY, at - 1);
  }
  return bytes.length;
}

async function open(bytes: Buffer): Promise<ZipFile> {
  try {
    // Names and sizes are judged here: one odd name must not close the archive to all others.
    return await fromBufferPromise(bytes, { decodeStrings: false, validateEntrySizes: false });
  } catch (error) {
    const text = error instanceof Error ? error.message : "";
    if (text.includes("signature not found") || text.includes("EOF")) {
      throw new Refusal(rejected("truncated-zip", "the zip archive is cut off: its directory at the end is missing"));
    }
    throw damaged("its directory cannot be found");
  }
}

function damaged(how: string): Refusal {
  return new Refusal(rejected("damaged-zip", `the zip archive is damaged: ${how}`));
}

function nameOf(entry: Entry): string {
  return getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
}

/** Folders, and what macOS and Windows put beside files. */
function isBeside(name: string): boolean {
  return name.endsWith("/") || name.startsWith("__MACOSX/") || /(?:^|\/)(?:\.DS_Store|Thumbs\.db)$/.test(name);
}

async function read(zip: ZipFile, entry: Entry, bytes: Buffer, budget: Budget): Promise<Buffer | Refused> {
  if (entry.isEncrypted()) return rejected("encrypted-zip", "it is encrypted");
  if (!entry.canDecodeFileData()) {
    return rejected("zip-method", `its compression method is ${entry.compressionMethod}; 0 and 8 (deflate) are read`);
  }
  const start = await startOf(zip, entry);
  if (start === null) return rejected("damaged-zip", "its place in the archive cannot be read");
  try {
    const packed = bytes.subarray(start, start + entry.compressedSize);
    const content =
      entry.compressionMethod === 0 ? packed : (await inflate(packed, entry.uncompressedSize, budget, ENTRY)).bytes;
    if (content.length !== entry.uncompressedSize) return rejected("damaged-zip", "its length does not match");
    return crc32(content) === entry.crc32 ? content : rejected("damaged-zip", "its checksum does not match");
  } catch (error) {
    if (error instanceof Refusal) return error.refused;
    throw error;
  }
}

async function startOf(zip: ZipFile, entry: Entry): Promise<number | null> {
  try {
    return (await zip.readLocalFileHeaderPromise(entry, { minimal: true })).fileDataStart;
  } catch {
    return null;
  }
}
