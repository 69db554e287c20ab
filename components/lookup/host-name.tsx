import { displayName } from "#lib/standards/domain-name.ts";

/** A mail host as the DNS has it, with its name in another script beside it where it has one. */
export function HostName({ host }: { host: string }) {
  const display = displayName(host);
  return (
    <span className="font-mono [overflow-wrap:anywhere]">
      {host}
      {display !== host && <span className="font-normal font-sans text-muted"> {display}</span>}
    </span>
  );
}
