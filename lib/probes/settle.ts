export interface Settling<T> {
  timeout: number;
  signal?: AbortSignal | undefined;
  start: (done: (value: T) => void) => void;
  /** The outcome when the time is up. */
  late: () => T;
  release: () => void;
}

/**
 * The first outcome of several that compete: an event, the clock, an abort. Timer, signal and socket are let go in every case.
 * @throws the signal's reason when it is aborted
 */
export async function settle<T>({ timeout, signal, start, late, release }: Settling<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const timer = setTimeout(() => resolve(late()), timeout);
  const abort = () => reject(signal?.reason);
  signal?.addEventListener("abort", abort);
  try {
    if (signal?.aborted) abort();
    else start(resolve);
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
    release();
  }
}
