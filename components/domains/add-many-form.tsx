"use client";

import { type ChangeEvent, useActionState, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/card.tsx";
import { type ListOutcome, ListOutcomes } from "./list-outcomes.tsx";

/** What the form's action answers; `values.list` is what the field shows next. */
export interface AddManyState {
  error: string | null;
  done: string | null;
  values: Record<string, string>;
  outcome: ListOutcome | null;
}

const EMPTY: AddManyState = { error: null, done: null, values: {}, outcome: null };

/** A list of domains, pasted or as a file; what was refused stays in the field, to be corrected. Works without JavaScript. */
export function AddManyForm(props: {
  action: (state: AddManyState, form: FormData) => Promise<AddManyState>;
  /** Chars. */
  longest: number;
}) {
  const { action, longest } = props;
  const [state, dispatch, pending] = useActionState(action, EMPTY);
  const [tooLarge, setTooLarge] = useState(false);
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    // The server would cut the connection before it could say why.
    const isTooLarge = (event.target.files?.[0]?.size ?? 0) > longest;
    if (isTooLarge) event.target.value = "";
    setTooLarge(isTooLarge);
  };
  const error = tooLarge
    ? `This file has more than ${longest.toLocaleString("en")} bytes. Cut it into several.`
    : state.error;
  return (
    <form action={dispatch} className="space-y-4">
      {state.done && (
        <Notice role="status">
          <p>{state.done}</p>
        </Notice>
      )}
      {state.outcome && <ListOutcomes outcome={state.outcome} />}
      <div className="space-y-1">
        <label htmlFor="list" className="block font-semibold">
          Domains
        </label>
        <textarea
          key={state.values.list ?? ""}
          id="list"
          name="list"
          rows={12}
          defaultValue={state.values.list}
          maxLength={longest}
          placeholder={"example.org\nexample.net"}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          aria-describedby={error ? "list-hint list-error" : "list-hint"}
          aria-invalid={error ? true : undefined}
          className="w-full rounded-md border border-line-strong bg-panel px-3 py-1.5 font-mono aria-invalid:border-fail"
        />
        <p id="list-hint" className="text-muted text-xs">
          One on each line, up to 1,000; names in any script are fine. Of a table the first column is read, and what
          follows a # is a comment.
        </p>
        {error && (
          <p id="list-error" role="alert" className="text-fail">
            {error}
          </p>
        )}
      </div>
      <div className="space-y-1">
        <label htmlFor="list-file" className="block font-semibold">
          Or a file
        </label>
        <input
          id="list-file"
          name="file"
          type="file"
          accept=".txt,.csv,.tsv,text/plain,text/csv"
          onChange={choose}
          className="max-w-full rounded-md border border-line-strong bg-panel px-3 py-1.5 text-sm"
        />
      </div>
      <Button type="submit" look="primary" disabled={pending}>
        {pending ? "One moment …" : "Add the domains"}
      </Button>
    </form>
  );
}
