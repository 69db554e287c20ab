import type { QuirkCode } from "#lib/standards/report-quirks.ts";
import { endOfZip, readZip } from "./archive.ts";
import { type Gunzipped, gunzip } from "./gzip.ts";
import { MAX_ARCHIVE_LAYERS, MAX_COMPRESSED_BYTES } from "./limits.ts";
import { choose, type Decoded, type Place, type ReadInside, within } from "./place.ts";
import { moreThan, Refusal, type Refused, rejected } from "./refusal.ts";
import { sniff } from "./sniff.ts";

/** Reads what a gzip file holds. Throws a Refusal. */
export function readGzip(bytes: Buffer, place: Place, readInside: ReadInside): Decoded[] | Promise<Decoded[]> {
  if (bytes.length > MAX_COMPRESSED_BYTES) return [tooLarge("gzip data", bytes)];
  if (place.gzips === MAX_ARCHIVE_LAYERS) return [rejected("nested-archive", "it is gzip data inside gzip data")];
  const readUnpacked = ({ bytes: inside, quirks, broken }: Gunzipped) => {
    const allQuirks = quirks.length === 0 ? place.quirks : [...place.quirks, ...quirks];
    const results = readInside(inside, { ...place, gzips: place.gzips + 1, quirks: allQuirks });
    return broken === null ? results : readStray(results, inside, broken);
  };
  const unpacked = gunzip(bytes, place.budget);
  return unpacked instanceof Promise ? unpacked.then(readUnpacked) : readUnpacked(unpacked);
}

/** Behind one whole report stray bytes may begin as gzip does (quirk 37); behind anything else they are its missing rest. */
async function readStray(before: Decoded[] | Promise<Decoded[]>, bytes: Buffer, broken: Refusal): Promise<Decoded[]> {
  const results = await before;
  if (sniff(bytes) === "json" && results.length === 1 && results[0]?.outcome === "report") return results;
  throw broken;
}

/** Reads what a zip archive holds; an entry that cannot be read stops no other. */
export async function readArchive(sent: Buffer, place: Place, readInside: ReadInside): Promise<Decoded[]> {
  if (sent.length > MAX_COMPRESSED_BYTES) return [tooLarge("zip archive", sent)];
  if (place.zips === MAX_ARCHIVE_LAYERS)
    return [rejected("nested-archive", "it is a zip archive inside a zip archive")];
  const bytes = sent.subarray(0, endOfZip(sent));
  const quirks: QuirkCode[] = [...place.quirks];
  if (bytes.length < sent.length) quirks.push("zip-trailing-data");
  const results: Decoded[] = [];
  try {
    for await (const { name, content } of readZip(bytes, place.budget)) {
      const inside = Buffer.isBuffer(content)
        ? await readInside(content, { ...place, name, quirks, zips: place.zips + 1 })
        : [content];
      for (const result of inside) results.push(within("entry", name, result));
    }
  } catch (error) {
    // What was read before stays read.
    if (!(error instanceof Refusal)) throw error;
    results.push(error.refused);
  }
  return choose(results, "no-report-in-zip", "the zip archive has no TLS report in it");
}

function tooLarge(what: string, bytes: Buffer): Refused {
  return rejected("too-large", `the ${what} has ${moreThan(bytes.length, MAX_COMPRESSED_BYTES)}`);
}
