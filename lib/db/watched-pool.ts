import { AsyncLocalStorage } from "node:async_hooks";
import { Pool, type PoolClient, type PoolConfig } from "pg";

type Connected = (error: Error | undefined, client: PoolClient | undefined, done: (release?: unknown) => void) => void;

const TICK_MS = 500;

/**
 * A pool whose connections are cut when they are out for too long: whoever waits for an answer on one is told that it was
 * terminated. A server that is stopped, or behind a network that swallows everything, enforces no limit of its own.
 */
export class WatchedPool extends Pool {
  readonly #limits = new AsyncLocalStorage<number>();
  readonly #usual: number;
  /** Connections that are out, and the ticks that each has left. */
  readonly #out = new Map<PoolClient, number>();
  #ticking: NodeJS.Timeout | undefined;

  /** @param usualMs how long a connection may be out where nothing else is said */
  constructor(config: PoolConfig, usualMs: number) {
    super(config);
    this.#usual = usualMs;
    this.on("release", (_, client) => this.#watchNoMore(client));
  }

  /** Runs what may keep a connection so long. */
  within<T>(limitMs: number, run: () => T): T {
    return this.#limits.run(limitMs, run);
  }

  override connect(): Promise<PoolClient>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<PoolClient> | undefined {
    const limitMs = this.#limits.getStore() ?? this.#usual;
    if (callback === undefined) {
      return super.connect().then((client) => {
        this.#watch(client, limitMs);
        return client;
      });
    }
    super.connect((error, client, done) => {
      if (client !== undefined) this.#watch(client, limitMs);
      callback(error, client, done);
    });
    return;
  }

  #watch(client: PoolClient, limitMs: number): void {
    this.#out.set(client, Math.ceil(limitMs / TICK_MS) + 1);
    // Ticks are counted, and not the time: while this process is busy with something else it hears no answer, and no tick.
    this.#ticking ??= setInterval(() => this.#tick(), TICK_MS);
  }

  #watchNoMore(client: PoolClient): void {
    this.#out.delete(client);
    if (this.#out.size > 0) return;
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }

  #tick(): void {
    for (const [client, left] of this.#out) {
      if (left > 1) this.#out.set(client, left - 1);
      else {
        this.#watchNoMore(client);
        void client.end(); // at once where an answer is owed; its user gives it back, and the pool throws it away
      }
    }
  }
}
