/** Says on standard error what is going on; standard output belongs to the command. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs one step and says how long it took when that was long enough to notice.
 * @returns what the step returns; its error passes through
 */
export async function step<T>(name: string, run: () => Promise<T>): Promise<T> {
  const began = performance.now();
  // A step that is quick needs no line of its own.
  const notice = setTimeout(() => say(`${name} ...`), 700);
  try {
    const result = await run();
    const seconds = (performance.now() - began) / 1000;
    if (seconds > 0.7) say(`${name}: done in ${seconds.toFixed(1)} s.`);
    return result;
  } finally {
    clearTimeout(notice);
  }
}
