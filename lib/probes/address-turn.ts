import { MAX_MAIL_HOSTS_AT_A_TIME } from "./limits.ts";

interface Turns {
  all: Gate;
  addresses: Map<string, Gate>;
}

// The bundles of the web process must share it: it is a courtesy to the hosts that are looked at.
const holder: { sealpostTurns?: Turns } = globalThis as typeof globalThis & { sealpostTurns?: Turns };

/**
 * Runs a task when no other is at the same address, in the order of their coming, and not too many are at any.
 * @throws the signal's reason when it is aborted while waiting
 */
export async function inTurn<T>(address: string, signal: AbortSignal | undefined, task: () => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  holder.sealpostTurns ??= { all: new Gate(MAX_MAIL_HOSTS_AT_A_TIME), addresses: new Map() };
  const { all, addresses } = holder.sealpostTurns;
  const own = addresses.get(address) ?? new Gate(1);
  addresses.set(address, own);
  // Whoever waits for a busy address takes no place away from others.
  await own.enter(signal);
  try {
    await all.enter(signal);
    try {
      return await task();
    } finally {
      all.leave();
    }
  } finally {
    own.leave();
    if (own.isEmpty) addresses.delete(address);
  }
}

/** Lets so many in at a time; the others wait in line. */
class Gate {
  #size: number;
  #free: number;
  #line = new Set<() => void>();

  constructor(size: number) {
    this.#size = size;
    this.#free = size;
  }

  get isEmpty(): boolean {
    return this.#free === this.#size;
  }

  async enter(signal: AbortSignal | undefined): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = () => {
      this.#line.delete(resolve);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", abort, { once: true });
    this.#line.add(resolve);
    try {
      await promise;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  leave(): void {
    const [next] = this.#line;
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    this.#line.delete(next); // the place is handed over, it never becomes free
    next();
  }
}
