"use client";

import { Button } from "#components/ui/button.tsx";

/** What a page shows when it fails: what, and how to try again. The server's own message never reaches a stranger. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const away = error.digest === "database-away";
  return (
    <div className="space-y-4" role="alert">
      <h1 className="font-semibold text-xl">
        {away ? "The database cannot be reached" : "This page could not be shown"}
      </h1>
      <p className="max-w-prose text-base text-muted">
        {away
          ? "Nothing was lost. Sealpost starts its database again by itself; try again in a moment."
          : "The fault is ours and was written to the server's log. Trying again may help."}
      </p>
      <Button look="primary" onClick={reset}>
        Try again
      </Button>
      {!away && error.digest && <p className="font-mono text-muted text-xs">Reference {error.digest}</p>}
    </div>
  );
}
