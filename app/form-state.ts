import { DomainError, NotFound, Refused } from "#lib/errors.ts";

/** What a form's action answers: nothing yet, an error with its field, or a sentence of success. */
export interface FormState {
  error: string | null;
  field: string | null;
  done: string | null;
  /** What was typed, to be shown again; never passwords. */
  values: Record<string, string>;
}

/** A form's fields as plain text. */
export function fieldsOf(form: FormData): Record<string, string> {
  return Object.fromEntries([...form].filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

/**
 * Runs a form's change and turns domain errors into an answer; this is the one place where actions do that.
 * `run` returns the sentence to show, or redirects.
 */
export async function answerForm(
  form: FormData,
  run: (fields: Record<string, string>) => Promise<string>,
): Promise<FormState> {
  const fields = fieldsOf(form);
  const { password: _, current: __, ...values } = fields;
  try {
    return { error: null, field: null, done: await run(fields), values: {} };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const field = error instanceof Refused ? error.field : null;
    const sentence =
      error instanceof NotFound ? `${error.message} Perhaps it is gone, or it is not yours to change.` : error.message;
    return { error: sentence, field, done: null, values };
  }
}
