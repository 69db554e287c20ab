import { Button } from "#components/ui/button.tsx";
import { Time } from "#components/ui/time.tsx";

/** When the domain was looked at, when it can be looked at anew, and the way there. */
export function LookAgain({ action, checkedAt, next }: { action: string; checkedAt: Date; next: Date }) {
  return (
    <form action={action} method="get" className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <p className="text-muted">
        Looked at <Time at={checkedAt} />.{" "}
        <span className="print:hidden">
          The answer is shared for a minute; from{" "}
          <time dateTime={next.toISOString()} className="tabular-nums">
            {next.toISOString().slice(11, 19)} UTC
          </time>{" "}
          you can
        </span>
      </p>
      <Button type="submit" className="print:hidden">
        Look again
      </Button>
    </form>
  );
}
