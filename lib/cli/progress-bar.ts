const WIDTH = 30;
const EVERY_MS = 100;

/** A progress bar on standard error: drawn in place in a terminal, a line now and then elsewhere. */
export class ProgressBar {
  readonly #total: number;
  readonly #terminal = process.stderr.isTTY === true;
  #done = 0;
  #drawnAt = 0;
  #began = Date.now();

  constructor(total: number) {
    this.#total = total;
  }

  /** Notes that `count` more are done. */
  advance(count: number): void {
    this.#done += count;
    const now = Date.now();
    if (now - this.#drawnAt < (this.#terminal ? EVERY_MS : 50 * EVERY_MS) && this.#done < this.#total) return;
    this.#drawnAt = now;
    process.stderr.write(this.#terminal ? `\r${this.#text()}` : `${this.#text()}\n`);
  }

  /** Writes a line of its own; the bar goes on below it. */
  note(line: string): void {
    process.stderr.write(this.#terminal ? `\r\u001b[K${line}\n${this.#text()}` : `${line}\n`);
  }

  /** Leaves the bar as it is. */
  end(): void {
    if (this.#terminal) process.stderr.write("\n");
  }

  #text(): string {
    const share = this.#total === 0 ? 1 : this.#done / this.#total;
    const filled = Math.round(share * WIDTH);
    const rate = Math.round(this.#done / Math.max((Date.now() - this.#began) / 1000, 0.001));
    return `[${"#".repeat(filled)}${".".repeat(WIDTH - filled)}] ${this.#done} of ${this.#total} files, ${rate} a second`;
  }
}
