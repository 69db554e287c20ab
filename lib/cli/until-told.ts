/** Resolves when the process is to stop: by a signal, or because the supervisor that started it is gone. */
export function untilTold(): Promise<void> {
  return new Promise((done) => {
    process.once("SIGTERM", () => done());
    process.once("SIGINT", () => done());
    process.once("disconnect", () => done());
    if (process.connected === false) done(); // it ended while this process was starting
  });
}
