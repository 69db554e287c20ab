import { parentPort } from "node:worker_threads";
import { decode } from "#lib/reports/decode.ts";
import type { Decoded } from "#lib/reports/place.ts";
import type { FileToDecode } from "./decode-apart.ts";

parentPort?.on("message", async (files: FileToDecode[]) => {
  const results = await Promise.all(files.map(({ bytes, name }) => decode(Buffer.from(bytes), name)));
  parentPort?.postMessage(results.map((ofFile) => ofFile.map(posted)));
});

/** A message carries an object's own values only. */
function posted(result: Decoded): Decoded {
  return result.outcome === "report" ? { ...result, contentHash: result.contentHash } : result;
}
