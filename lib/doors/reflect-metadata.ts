// @peculiar/x509 finds its algorithms through tsyringe, which wants these three functions on Reflect and looks for them
// when it is loaded. Nothing here uses decorators with types, so a table is all it takes.
const table = new WeakMap<object, Map<unknown, unknown>>();

function getMetadata(key: unknown, target: object): unknown {
  return table.get(target)?.get(key);
}

function defineMetadata(key: unknown, value: unknown, target: object): void {
  const known = table.get(target) ?? new Map<unknown, unknown>();
  known.set(key, value);
  table.set(target, known);
}

Object.assign(Reflect, { getMetadata, getOwnMetadata: getMetadata, defineMetadata });
