import { gunzip } from "#lib/reports/gzip.ts";
import { MAX_FILE_BYTES, MAX_INFLATED_BYTES } from "#lib/reports/limits.ts";
import { sniff } from "#lib/reports/sniff.ts";
import { kindInGzip } from "./large-bodies.ts";

/** How many times a body was gzipped on its way (RFC 9110 §8.4); null when something else was done to it. */
export function gzipsOf(contentEncoding: string | undefined): number | null {
  const codings = (contentEncoding ?? "").split(",").map((coding) => coding.trim().toLowerCase());
  const applied = codings.filter((coding) => coding !== "" && coding !== "identity");
  // RFC 9110 §8.4.1.3: x-gzip is the same as gzip.
  return applied.every((coding) => coding === "gzip" || coding === "x-gzip") ? applied.length : null;
}

/**
 * Takes off the gzip of a content encoding where a gzipped report was gzipped once more. One that is gzipped once stays as
 * it came: the file says itself what it is, and some say that it is encoded when it is only of type tlsrpt+gzip.
 */
export async function withoutEncoding(bytes: Buffer, gzips: number): Promise<Buffer> {
  let file = bytes;
  for (let left = gzips; left > 0 && holdsGzip(file); left--) {
    const inside = await unpacked(file);
    if (inside === null || inside.length > MAX_FILE_BYTES) return bytes;
    file = inside;
  }
  return file;
}

function holdsGzip(bytes: Buffer): boolean {
  return sniff(bytes) === "gzip" && kindInGzip(bytes) === "gzip";
}

/** Null for what cannot be unpacked: then it is kept as it came, with the reason. */
async function unpacked(bytes: Buffer): Promise<Buffer | null> {
  try {
    return (await gunzip(bytes, { left: MAX_INFLATED_BYTES })).bytes;
  } catch {
    return null;
  }
}
