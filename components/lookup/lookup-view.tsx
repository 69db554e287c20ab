import type { ReactNode } from "react";
import { Card } from "#components/ui/card.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import type { Facts } from "#lib/checks/gather.ts";
import type { CheckName, Verdict } from "#lib/checks/verdict.ts";
import { CHECK_GROUPS, type CheckGroup, HOST_CHECKS, headlineOf, summaryOf } from "./check-groups.ts";
import { type EvidencePart, GroupEvidence } from "./evidence.tsx";
import { HostEvidence } from "./host-evidence.tsx";
import { HostGroups } from "./host-groups.tsx";
import { rowsOf } from "./outcome-rows.ts";
import { OutcomeTable } from "./outcome-table.tsx";
import { joined, Soon } from "./soon.tsx";
import { VerdictList } from "./verdict-list.tsx";

type Verdicts = Verdict[] | Promise<Verdict[]>;

/** A lookup as it comes in: each check's verdicts when its facts are in, and all facts when it is finished. */
export interface ShownLookup {
  domain: string;
  checks: ReadonlyMap<CheckName, Verdicts>;
  facts: Facts | Promise<Facts>;
}

const [OUTCOME, MAIL_HOSTS, MTA_STS, DANE, TLS_RPT] = CHECK_GROUPS;

/** A lookup group by group; each verdict appears as soon as its facts are in, and what it rests on when all are. */
export function LookupView({ lookup }: { lookup: ShownLookup }) {
  return (
    <div className="space-y-6">
      <Group group={OUTCOME}>
        <Outcome lookup={lookup} />
      </Group>
      <Group group={MAIL_HOSTS}>
        <Checks checks={["mx"]} lookup={lookup} />
        <Hosts lookup={lookup} />
        <Evidence part="mail-hosts" lookup={lookup} />
      </Group>
      <Group group={MTA_STS}>
        <Checks checks={MTA_STS.checks} lookup={lookup} />
        <Evidence part="mta-sts" lookup={lookup} />
      </Group>
      <Group group={DANE}>
        <Checks checks={DANE.checks} lookup={lookup} />
        <Evidence part="dane" lookup={lookup} />
      </Group>
      <Group group={TLS_RPT}>
        <Checks checks={TLS_RPT.checks} lookup={lookup} />
        <Evidence part="tls-rpt" lookup={lookup} />
      </Group>
    </div>
  );
}

function Group({ group: { id, title, about }, children }: { group: CheckGroup; children: ReactNode }) {
  return (
    <Card title={title} id={id}>
      <p className="max-w-prose pb-1 text-muted">{about}</p>
      <div className="divide-y divide-line">{children}</div>
    </Card>
  );
}

function Checks({ checks, lookup }: { checks: readonly CheckName[]; lookup: ShownLookup }) {
  return checks.map((check) => (
    <Soon key={check} value={lookup.checks.get(check) ?? []} waiting={<Waiting what={check} />}>
      {(verdicts) => <VerdictList verdicts={verdicts} domain={lookup.domain} />}
    </Soon>
  ));
}

function Outcome({ lookup: { checks, domain } }: { lookup: ShownLookup }) {
  return (
    <Soon value={checks.get("outcome") ?? []} waiting={<Waiting what="outcome" />}>
      {(verdicts) => (
        <>
          <OutcomeTable rows={rowsOf(verdicts)} domain={domain} />
          <VerdictList verdicts={verdicts} domain={domain} />
        </>
      )}
    </Soon>
  );
}

function Hosts({ lookup }: { lookup: ShownLookup }) {
  const { checks, domain, facts } = lookup;
  const verdicts = joined(HOST_CHECKS.map((check) => checks.get(check) ?? []));
  return (
    <Soon value={verdicts} waiting={<Addresses lookup={lookup} />}>
      {(all) => (
        <HostGroups
          verdicts={all}
          domain={domain}
          evidence={(host) => (
            <Soon value={facts} waiting={<Waiting what={host} />}>
              {(known) => <HostEvidence host={host} facts={known} />}
            </Soon>
          )}
        />
      )}
    </Soon>
  );
}

/** What the DNS tells of the hosts, until they have been spoken with. */
function Addresses({ lookup: { checks, domain } }: { lookup: ShownLookup }) {
  return (
    <>
      <Soon value={checks.get("mx-address") ?? []} waiting={<Waiting what="mx-address" />}>
        {(verdicts) => (
          <div data-waiting="starttls">
            <HostGroups verdicts={verdicts} domain={domain} />
          </div>
        )}
      </Soon>
      <Waiting what="starttls" />
    </>
  );
}

function Evidence({ part, lookup: { checks, facts } }: { part: EvidencePart; lookup: ShownLookup }) {
  const verdicts = part === "mta-sts" ? joined(MTA_STS.checks.map((check) => checks.get(check) ?? [])) : [];
  return (
    <Soon value={verdicts} waiting={<Waiting what={part} />}>
      {(judged) => (
        <Soon value={facts} waiting={<Waiting what={part} />}>
          {(known) => <GroupEvidence part={part} facts={known} verdicts={judged} />}
        </Soon>
      )}
    </Soon>
  );
}

/** The one sentence on top: what becomes of mail, and what was found in all. It is announced when it arrives. */
export function LookupSummary({ lookup: { checks } }: { lookup: Pick<ShownLookup, "checks"> }) {
  return (
    <div role="status" className="flex items-baseline gap-x-4 gap-y-1 max-sm:flex-col">
      <Soon value={joined([...checks.values()])} waiting={<span data-waiting="all">Looking …</span>}>
        {(verdicts) => <Summary verdicts={verdicts} />}
      </Soon>
    </div>
  );
}

function Summary({ verdicts }: { verdicts: Verdict[] }) {
  const { status, sentence } = summaryOf(verdicts);
  const headline = headlineOf(verdicts);
  return (
    <>
      <StatusBadge status={status} />
      <span>
        {headline && <span className="font-semibold text-text">{headline}. </span>}
        {sentence}
      </span>
    </>
  );
}

function Waiting({ what }: { what: string }) {
  return (
    <div className="grid gap-x-4 gap-y-1 py-3 sm:grid-cols-[10rem_1fr]" data-waiting={what}>
      <span className="skeleton h-5 w-24" />
      <span className="space-y-2">
        <span className="skeleton block h-5 w-64 max-w-full" />
        <span className="skeleton block h-4 w-96 max-w-full" />
      </span>
    </div>
  );
}
