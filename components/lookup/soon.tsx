import { type ReactNode, Suspense } from "react";

/** Draws a value at once where it is there, and otherwise as soon as it is. */
export function Soon<Value>(props: {
  value: Value | Promise<Value>;
  waiting: ReactNode;
  children: (value: Value) => ReactNode;
}) {
  const { value, waiting, children } = props;
  if (!(value instanceof Promise)) return children(value);
  return (
    <Suspense fallback={waiting}>
      <Later value={value}>{children}</Later>
    </Suspense>
  );
}

async function Later<Value>({ value, children }: { value: Promise<Value>; children: (value: Value) => ReactNode }) {
  return children(await value);
}

/** Several lists as one: there where all of them are there. */
export function joined<Item>(lists: readonly (Item[] | Promise<Item[]>)[]): Item[] | Promise<Item[]> {
  const there = lists.flatMap((list) => (list instanceof Promise ? [] : [list]));
  return there.length === lists.length ? there.flat(1) : Promise.all(lists).then((all) => all.flat(1));
}
