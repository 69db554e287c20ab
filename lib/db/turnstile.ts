/** Lets at most `places` tasks run at the same time; the others wait in the order in which they came. */
export function turnstile(places: number) {
  const waiting: (() => void)[] = [];
  let free = places;
  return async <T>(task: () => Promise<T>): Promise<T> => {
    if (free > 0) free--;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      // The place is handed on, so that nobody who comes meanwhile can take it.
      if (next) next();
      else free++;
    }
  };
}
