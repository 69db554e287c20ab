import { Button } from "#components/ui/button.tsx";

/** A plain GET form: works without JavaScript, and its answer can be linked. */
export function LookupForm({ domain = "", error }: { domain?: string; error?: string | null }) {
  return (
    <form action="/lookup" method="get" className="space-y-1">
      <label htmlFor="lookup-domain" className="block font-semibold">
        Domain
      </label>
      <div className="flex max-w-xl flex-wrap gap-2">
        <input
          id="lookup-domain"
          name="domain"
          defaultValue={domain}
          placeholder="example.org"
          required
          maxLength={500}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? "lookup-error" : undefined}
          className="min-w-48 grow rounded-md border border-line-strong bg-panel px-3 py-1.5 font-mono text-base aria-invalid:border-fail"
        />
        <Button type="submit" look="primary">
          Look up
        </Button>
      </div>
      {error && (
        <p id="lookup-error" role="alert" className="text-fail">
          {error}
        </p>
      )}
    </form>
  );
}
