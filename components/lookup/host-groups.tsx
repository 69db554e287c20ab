import type { ReactNode } from "react";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import type { Verdict } from "#lib/checks/verdict.ts";
import { HostName } from "./host-name.tsx";
import { byHost, type HostGroup } from "./mail-hosts.ts";
import { isCalm } from "./shown-verdict.ts";
import { VerdictList } from "./verdict-list.tsx";

/** So many hosts are unfolded even where all is well. */
const FEW = 2;

/** The verdicts about mail hosts, host by host; a host at which nothing asks for a look is folded when there are many. */
export function HostGroups(props: {
  verdicts: readonly Verdict[];
  domain: string;
  evidence?: (host: string) => ReactNode;
}) {
  const { verdicts, domain, evidence } = props;
  const { ofDomain, hosts } = byHost(verdicts, domain);
  return (
    <>
      {ofDomain.length > 0 && <VerdictList verdicts={ofDomain} domain={domain} />}
      {/* A domain can be its own mail host (RFC 5321 §5.1). */}
      {hosts.length === 0 && evidence?.(domain)}
      {hosts.map((group) => (
        <details
          key={group.host}
          open={hosts.length <= FEW || !isCalm(group.verdicts)}
          className="py-3 print:details-content:[content-visibility:visible]"
        >
          <summary>
            <HostTitle group={group} />
          </summary>
          <VerdictList verdicts={group.verdicts} domain={domain} host={group.host} />
          {evidence?.(group.host)}
        </details>
      ))}
    </>
  );
}

function HostTitle({ group: { host, addresses, status } }: { group: HostGroup }) {
  return (
    <span className="inline-flex max-w-[calc(100%-1.5rem)] flex-wrap items-baseline gap-x-3 align-top">
      <h3 className="font-semibold">
        <HostName host={host} />
      </h3>
      <StatusBadge status={status} className="self-center" />
      {addresses.length > 1 && <span className="text-muted">{addresses.length} addresses</span>}
    </span>
  );
}
