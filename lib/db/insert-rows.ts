import { storableText } from "./storable-json.ts";

/** Columns of a table with their types, in the order in which they are inserted. */
export type Columns<Row> = { readonly [Name in keyof Row & string]: string };

/** A statement with its parameters, ready to be sent. */
export interface Statement {
  text: string;
  values: unknown[];
}

/**
 * The statement that inserts rows, and its parameters: an array for each column, which PostgreSQL reads in less time than the
 * same rows as JSON, written as text already, so that nothing is left to do while a transaction waits for it.
 * @param first number of its first parameter, where it is a part of a larger statement
 */
export function insertion<Row extends object>(
  table: string,
  columns: Columns<Row>,
  rows: readonly Row[],
  first = 1,
): Statement {
  const names = Object.keys(columns) as (keyof Row & string)[];
  // Rows may have lists of different lengths, which are no array of arrays: each goes as the text of one.
  const isList = (name: keyof Row & string) => columns[name].endsWith("[]");
  const parameters = names.map((name, index) => `$${first + index}::${isList(name) ? "text" : columns[name]}[]`);
  const picked = names.map((name) => (isList(name) ? `${name}::${columns[name]}` : name));
  const text = `INSERT INTO ${table} (${names.join(", ")}) SELECT ${picked.join(", ")}
    FROM unnest(${parameters.join(", ")}) AS r (${names.join(", ")})`;
  return { text, values: names.map((name) => arrayText(rows.map((row) => row[name]))) };
}

/** An array as PostgreSQL reads it (its manual, §8.15.6). */
function arrayText(values: readonly unknown[]): string {
  return `{${values.map(entryText).join(",")}}`;
}

function entryText(value: unknown): string {
  if (typeof value === "string") return quoted(storableText(value));
  if (value === null || value === undefined) return "NULL";
  if (value instanceof Date) return quoted(value.toISOString());
  if (Buffer.isBuffer(value)) return quoted(`\\x${value.toString("hex")}`);
  return Array.isArray(value) ? quoted(arrayText(value)) : String(value);
}

function quoted(text: string): string {
  return `"${/["\\]/.test(text) ? text.replace(/["\\]/g, "\\$&") : text}"`;
}
