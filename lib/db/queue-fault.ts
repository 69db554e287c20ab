/** What pg-boss tells of is often no Error but its parts as a plain object, and the message may be empty. */
export function queueFault(fault: unknown): Error {
  if (fault instanceof Error && fault.message !== "") return fault;
  const parts = typeof fault === "object" && fault !== null ? fault : {};
  const texts = ["message" in parts ? parts.message : "", "code" in parts ? parts.code : "", "it does not say why"];
  const [why] = texts.filter((text) => typeof text === "string" && text !== "");
  return new Error(String(why), { cause: fault });
}

/** Of a fault that repeats at each poll of each job, a log needs one line a minute. */
const AGAIN_MS = 60_000;

/** Passes a fault on unless the same was just told, of this or another job. */
export function oncePerMinute(tell: (fault: Error) => void, now: () => number): (fault: Error) => void {
  const told = new Map<string, number>();
  return (fault) => {
    for (const [text, at] of told) if (now() - at >= AGAIN_MS) told.delete(text);
    const text = fault.message.replace(/ \(Queue: .*\)$/, "");
    if (told.has(text)) return;
    told.set(text, now());
    tell(fault);
  };
}
