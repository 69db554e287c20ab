interface Kept<T> {
  value: Promise<T>;
  /** On a clock that only goes forward, in milliseconds. */
  since: number;
  waiting: number;
  settled: boolean;
  aborting: AbortController;
}

/** Keeps what was found for a while, so that many who ask for the same have it looked for once. */
export class Shared<T> {
  #kept = new Map<string, Kept<T>>();
  #milliseconds: number;
  #most: number;

  /** @param most values that are kept; the oldest make room */
  constructor(milliseconds: number, most: number) {
    this.#milliseconds = milliseconds;
    this.#most = most;
  }

  /**
   * What was found under this key, is being looked for, or is looked for now. The search ends early only when nobody
   * waits for it any longer. What fails is not kept.
   * @throws the signal's reason when it is aborted, and whatever the search throws
   */
  async get(key: string, find: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    this.#forget();
    const kept = this.#kept.get(key) ?? this.#begin(key, find);
    kept.waiting += 1;
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = () => reject(signal?.reason);
    signal?.addEventListener("abort", abort);
    try {
      return await Promise.race([kept.value, aborted]);
    } finally {
      signal?.removeEventListener("abort", abort);
      kept.waiting -= 1;
      if (kept.waiting === 0 && !kept.settled) {
        this.#drop(key, kept);
        kept.aborting.abort();
      }
    }
  }

  #begin(key: string, find: (signal: AbortSignal) => Promise<T>): Kept<T> {
    const aborting = new AbortController();
    const value = find(aborting.signal);
    const kept: Kept<T> = { value, since: performance.now(), waiting: 0, settled: false, aborting };
    value.then(
      () => {
        kept.settled = true;
      },
      () => this.#drop(key, kept),
    );
    this.#kept.set(key, kept);
    return kept;
  }

  #drop(key: string, kept: Kept<T>): void {
    if (this.#kept.get(key) === kept) this.#kept.delete(key);
  }

  #forget(): void {
    const oldest = performance.now() - this.#milliseconds;
    for (const [key, kept] of this.#kept) {
      const isFull = this.#kept.size >= this.#most;
      if (kept.settled && (isFull || kept.since < oldest)) this.#kept.delete(key);
    }
  }
}
