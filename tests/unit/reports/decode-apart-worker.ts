import { parentPort } from "node:worker_threads";
import { decode } from "#lib/reports/decode.ts";
import type { FileToDecode } from "./decode-apart.ts";

parentPort?.on("message", async (files: FileToDecode[]) => {
  parentPort?.postMessage(await Promise.all(files.map(({ bytes, name }) => decode(Buffer.from(bytes), name))));
});
