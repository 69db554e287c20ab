import { displayName } from "#lib/standards/domain-name.ts";

/** A domain as people write it, with its A-label beside it where the two differ. */
export function DomainName({ name }: { name: string }) {
  const display = displayName(name);
  return (
    <span className="wrap-anywhere">
      {display}
      {display !== name && <span className="font-mono font-normal text-base text-muted"> {name}</span>}
    </span>
  );
}
