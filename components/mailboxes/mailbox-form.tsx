"use client";

import { type FormEvent, type ReactNode, startTransition, useActionState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/card.tsx";
import { Field, SelectField } from "#components/ui/field.tsx";

/** What the form's action answers. */
export interface MailboxFormState {
  error: string | null;
  field: string | null;
  done: string | null;
  /** What was typed, without what is secret. */
  values: Record<string, string>;
  /** What there is to choose from, once somebody has signed in. */
  folders: string[];
}

const EMPTY: MailboxFormState = { error: null, field: null, done: null, values: {}, folders: [] };

/** The form of a mailbox: its settings are tried, and saved once that went well. Works without JavaScript too. */
export function MailboxForm(props: {
  action: (state: MailboxFormState, form: FormData) => Promise<MailboxFormState>;
  /** Of a stored mailbox: all but its secrets. */
  initial: Record<string, string>;
  isNew: boolean;
  domains: string[];
}) {
  const { action, initial, isNew, domains } = props;
  const [state, dispatch, pending] = useActionState(action, EMPTY);
  const field = (name: string) => ({
    ...{ name, defaultValue: state.values[name] ?? initial[name] ?? "" },
    error: state.field === name ? state.error : null,
  });
  // A field that is sent back without JavaScript shows what was typed.
  const keyOf = (name: string) => `${name} ${state.values[name] ?? ""}`;
  const secret = (name: string) => ({
    ...{ name, type: "password", autoComplete: "off", error: state.field === name ? state.error : null },
    ...(isNew ? {} : { hint: "Left empty, the stored one stays." }),
  });
  // Sent by hand, since React empties a form after its action: a password would have to be typed twice.
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { submitter } = event.nativeEvent as SubmitEvent;
    const form = new FormData(event.currentTarget, submitter);
    startTransition(() => dispatch(form));
  };
  return (
    <form action={dispatch} onSubmit={submit} className="group max-w-2xl space-y-6">
      <Group title="Server">
        <div className="grid gap-4 sm:grid-cols-[1fr_8rem]">
          <Field
            label="IMAP server"
            mono
            required
            placeholder="imap.example.org"
            key={keyOf("host")}
            {...field("host")}
          />
          <Field label="Port" mono inputMode="numeric" key={keyOf("port")} {...field("port")} />
        </div>
        <SelectField label="Security" key={keyOf("security")} {...field("security")}>
          <option value="tls">TLS from the start (port 993)</option>
          <option value="starttls">STARTTLS (port 143)</option>
        </SelectField>
      </Group>
      <Group title="Signing in">
        <Field label="User name" autoComplete="off" required key={keyOf("user")} {...field("user")} />
        <SelectField label="With" key={keyOf("auth")} {...field("auth")}>
          <option value="password">a password</option>
          <option value="oauth">an OAuth 2.0 token</option>
        </SelectField>
        <div className="group-has-[option[value=oauth]:checked]:hidden">
          <Field label="Password" {...secret("password")} />
        </div>
        <div className="hidden space-y-4 group-has-[option[value=oauth]:checked]:block">
          <p className="text-muted">
            Either an access token as it is, for as long as it is good, or what fetches one whenever that is needed.
          </p>
          <Field label="Access token" {...secret("accessToken")} />
          <Field label="Token URL" mono placeholder="https://…" key={keyOf("tokenUrl")} {...field("tokenUrl")} />
          <Field label="Client id" mono autoComplete="off" key={keyOf("clientId")} {...field("clientId")} />
          <Field label="Client secret (if there is one)" {...secret("clientSecret")} />
          <Field label="Refresh token" {...secret("refreshToken")} />
          <Field label="Scope (if it has to be named)" mono key={keyOf("scope")} {...field("scope")} />
        </div>
      </Group>
      <Group title="Mail">
        <Field
          label="Folder"
          list="folders"
          key={keyOf("folder")}
          {...field("folder")}
          hint="“Try it” shows those that there are."
        />
        <datalist id="folders">
          {state.folders.map((folder) => (
            <option key={folder} value={folder} />
          ))}
        </datalist>
        <SelectField label="When a report was taken" key={keyOf("afterwards")} {...field("afterwards")}>
          <option value="leave">leave its mail as it is</option>
          <option value="seen">mark its mail as read</option>
          <option value="move">move its mail to a folder</option>
          <option value="delete">delete its mail from the server, for ever</option>
        </SelectField>
        <div className="hidden group-has-[option[value=move]:checked]:block">
          <Field
            label="Folder for mail that was taken"
            list="folders"
            hint="Made when it is not there."
            key={keyOf("moveTo")}
            {...field("moveTo")}
          />
        </div>
        <SelectField label="Keep what cannot be read or assigned under" key={keyOf("tray")} {...field("tray")}>
          {domains.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </SelectField>
        <p className="text-muted text-xs">Other mail stays as it is: it is neither kept here nor changed there.</p>
      </Group>
      <Outcome state={state} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" name="step" value="save" busy={pending}>
          {pending ? "One moment …" : isNew ? "Add the mailbox" : "Save the changes"}
        </Button>
        <Button type="submit" name="step" value="try" busy={pending}>
          Try it
        </Button>
      </div>
    </form>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="rounded-md border border-line bg-panel p-4 pt-2">
      <legend className="px-1 font-semibold text-base">{title}</legend>
      <div className="flex flex-col gap-4">{children}</div>
    </fieldset>
  );
}

function Outcome({ state }: { state: MailboxFormState }) {
  return (
    <>
      {state.error !== null && state.field === null && (
        <Notice tone="fail" role="alert">
          <span className="break-words">{state.error}</span>
        </Notice>
      )}
      {state.done !== null && (
        <Notice role="status">
          <p className="break-words">{state.done}</p>
        </Notice>
      )}
      {state.folders.length > 0 && (
        <details>
          <summary>The folders of this mailbox ({state.folders.length})</summary>
          <ul className="list-disc space-y-1 break-words pt-2 pl-6 font-mono">
            {state.folders.map((folder) => (
              <li key={folder}>{folder}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
