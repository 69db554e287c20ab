import { untilTold } from "./until-told.ts";

/** `sealpost worker`: scheduled lookups and cleaning up, until it is told to stop. */
export async function worker(): Promise<number> {
  process.send?.("ready");
  await untilTold();
  return 0;
}
