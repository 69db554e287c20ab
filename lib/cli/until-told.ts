/** Resolves when the process is to stop: by a signal, or because the supervisor that started it is gone. */
export async function untilTold(): Promise<void> {
  const told = Promise.withResolvers<void>();
  const stop = () => told.resolve();
  const events = ["SIGTERM", "SIGINT", "disconnect"] as const;
  for (const event of events) process.on(event, stop);
  if (process.connected === false) stop(); // it ended while this process was starting
  await told.promise;
  // Signals are heard until the end; the channel to the supervisor would keep the process from ending.
  process.off("disconnect", stop);
}
