import { StatusBadge } from "#components/ui/status-badge.tsx";
import { Time } from "#components/ui/time.tsx";

/** How a mailbox stands. */
export interface MailboxState {
  enabled: boolean;
  lastSeenAt: Date | null;
  failingSince: Date | null;
  failure: string | null;
  /** Mails read so far, and those that wait. */
  read: number;
  waiting: number;
}

/** Whether the mailbox is read, in a badge and a sentence. */
export function MailboxStateText({ state, now }: { state: MailboxState; now: Date }) {
  const { enabled, lastSeenAt, failingSince, failure, read, waiting } = state;
  if (!enabled) return <StatusBadge status="skipped" word="Paused" />;
  if (failingSince !== null) {
    return (
      <>
        <StatusBadge status="fail" word="Failing" />
        <span className="block max-w-prose wrap-anywhere">{failure}</span>
        <span className="block text-muted text-xs">
          since <Time at={failingSince} now={now} />
        </span>
      </>
    );
  }
  if (lastSeenAt === null) return <StatusBadge status="info" word="Not reached yet" />;
  if (waiting === 0) return <StatusBadge status="pass" word="Reached" />;
  return (
    <>
      <StatusBadge status="info" word="Reading" />
      <span className="block tabular-nums">
        {read.toLocaleString("en")} of {(read + waiting).toLocaleString("en")} mails
      </span>
    </>
  );
}
