"use client";

import { type ComponentProps, createContext, type ReactNode, useActionState, useContext } from "react";
import { Button } from "./button.tsx";
import { Notice } from "./card.tsx";
import { Field, SelectField } from "./field.tsx";

interface FormState {
  error: string | null;
  field: string | null;
  done: string | null;
  values: Record<string, string>;
}

const EMPTY: FormState = { error: null, field: null, done: null, values: {} };
const FormContext = createContext<FormState>(EMPTY);

/** A form that runs a server action, works without JavaScript too, and announces its outcome. */
export function ActionForm(props: {
  action: (state: FormState, form: FormData) => Promise<FormState>;
  submit: string;
  look?: "primary" | "secondary" | "danger";
  className?: string;
  children?: ReactNode;
}) {
  const { action, submit, look = "primary", className = "space-y-4", children } = props;
  const [state, dispatch, pending] = useActionState(action, EMPTY);
  return (
    <FormContext value={state}>
      <form action={dispatch} className={className}>
        {children}
        {state.error && state.field === null && (
          <Notice tone="fail" role="alert">
            {state.error}
          </Notice>
        )}
        {state.done && (
          <Notice role="status">
            <span className="break-words">{state.done}</span>
          </Notice>
        )}
        <Button type="submit" look={look} busy={pending} className="max-w-full max-sm:whitespace-normal">
          {pending ? "One moment …" : submit}
        </Button>
      </form>
    </FormContext>
  );
}

/** A field of an ActionForm: shows the error that belongs to it, and what was typed before. */
export function FormField(props: ComponentProps<typeof Field>) {
  const state = useContext(FormContext);
  const { name, defaultValue } = props;
  return (
    <Field
      {...props}
      key={state.values[name] ?? ""}
      defaultValue={state.values[name] ?? defaultValue}
      error={state.field === name ? state.error : null}
    />
  );
}

/** A choice in an ActionForm: as `FormField`. */
export function FormSelect(props: ComponentProps<typeof SelectField>) {
  const state = useContext(FormContext);
  const { name, defaultValue } = props;
  return (
    <SelectField
      {...props}
      key={state.values[name] ?? ""}
      defaultValue={state.values[name] ?? defaultValue}
      error={state.field === name ? state.error : null}
    />
  );
}
