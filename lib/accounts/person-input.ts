import { z } from "zod";
import { Refused } from "#lib/errors.ts";

const email = z
  .string()
  .trim()
  .max(254, "This e-mail address is too long.")
  .pipe(z.email("Enter an e-mail address, such as ada@example.org."));
const shortText = (what: string) =>
  z
    .string()
    .trim()
    .min(1, `Enter ${what}.`)
    .max(100, `${what[0]?.toUpperCase()}${what.slice(1)} may have at most 100 characters.`);

/** Checks what a person typed into a form's fields. @throws Refused naming the field */
function read<T>(schema: z.ZodType<T>, value: unknown, field: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Refused(parsed.error.issues[0]?.message ?? "This cannot be used.", field);
}

export const readEmail = (value: unknown) => read(email, value, "email").toLowerCase();
export const readName = (value: unknown) => read(shortText("your name"), value, "name");
export const readTeamName = (value: unknown) => read(shortText("a team name"), value, "team");
/** Passwords are taken as they are: blanks at their ends count. */
export const readPassword = (value: unknown) => read(z.string(), value, "password");
