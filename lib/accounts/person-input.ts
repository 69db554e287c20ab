import { z } from "zod";
import { Refused } from "#lib/errors.ts";

const email = z
  .string()
  .trim()
  .max(254, "This e-mail address is too long.")
  .pipe(z.email("Enter an e-mail address, such as ada@example.org."));
const LONGEST_NAME = 100;
/** Characters that break lines or turn text round; names stand in mails and in other people's pages. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

const shortText = (what: string) =>
  z
    .string()
    .trim()
    .min(1, `Enter ${what}.`)
    .max(LONGEST_NAME, `${what[0]?.toUpperCase()}${what.slice(1)} may have at most ${LONGEST_NAME} characters.`)
    .refine((text) => !CONTROLS.test(text), "Line breaks and other control characters cannot be part of a name.");

/** Checks what a person typed into a form's fields. @throws Refused naming the field */
function read<T>(schema: z.ZodType<T>, value: unknown, field: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Refused(parsed.error.issues[0]?.message ?? "This cannot be used.", field);
}

export const readEmail = (value: unknown) => read(email, value, "email").toLowerCase();
export const readName = (value: unknown) => read(shortText("your name"), value, "name");
export const readTeamName = (value: unknown) => read(shortText("a team name"), value, "team");

/** The first of some names from elsewhere that can be used as one; the last always can. */
export function nameFrom(...names: (string | undefined)[]): string {
  const usable = names.map((name) => shortText("your name").safeParse(name)).find((parsed) => parsed.success);
  return usable?.data ?? names.at(-1)?.slice(0, LONGEST_NAME) ?? "";
}

/** Passwords are taken as they are: blanks at their ends count. */
export const readPassword = (value: unknown) => read(z.string(), value, "password");
