"use client";

import { signIn } from "next-auth/react";
import { type FormEvent, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/card.tsx";
import { Field } from "#components/ui/field.tsx";

/** Signs in with e-mail address and password, and goes to `next`. */
export function SignInForm({ next, email }: { next: string; email: string }) {
  const [error, setError] = useState<string | null>(null);
  const [pending, setPending] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setPending(true);
    setError(null);
    const result = await signIn("credentials", {
      email: form.get("email"),
      password: form.get("password"),
      redirect: false,
    }).catch(() => undefined);
    if (result?.ok) return window.location.assign(next);
    setPending(false);
    if (result?.error === "CredentialsSignin") setError("The e-mail address or the password is wrong.");
    else setError(result?.error ?? "The server cannot be reached. Try again in a moment.");
  };

  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-4">
      <Field label="E-mail address" name="email" type="email" autoComplete="username" required defaultValue={email} />
      <Field label="Password" name="password" type="password" autoComplete="current-password" required />
      {error && (
        <Notice tone="fail" role="alert">
          {error}
        </Notice>
      )}
      <Button type="submit" look="primary" disabled={pending}>
        {pending ? "One moment …" : "Sign in"}
      </Button>
    </form>
  );
}

/** Leads to the organisation's own sign-on service. */
export function SingleSignOnButton({ name, next }: { name: string; next: string }) {
  return <Button onClick={() => void signIn("oidc", { callbackUrl: next })}>Continue with {name}</Button>;
}
