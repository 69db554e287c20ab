import { DOOR_CHOICES, DOORS_OF_SENDERS, doorName, isQuiet } from "#components/reports/doors.ts";
import { Card } from "#components/ui/card.tsx";
import { Reported } from "#components/ui/reported.tsx";
import { Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { ago, formatDay, Time } from "#components/ui/time.tsx";
import { answerOf } from "#lib/checks/answers.ts";
import type { DomainRow } from "#lib/db/domains.ts";
import { type HeardByDoor, heardByDoor } from "#lib/db/heard.ts";
import { latestLookup, type StoredLookup } from "#lib/db/lookups.ts";
import { reportDestinations } from "#lib/domains/inbox.ts";
import { summarise } from "#lib/lookups/summary.ts";

/** Whether reports come in, through each door, and what to look at while none do. */
export async function HeardCard({ domain, base, now }: { domain: DomainRow; base: string; now: Date }) {
  const heard = await heardByDoor(domain.id, DOOR_CHOICES);
  const bySenders = heard.find(({ door }) => DOORS_OF_SENDERS.includes(door));
  const quiet = isQuiet(bySenders?.receivedAt, now);
  return (
    <Card title="Have we heard from anyone?" id="heard">
      <div className="space-y-4">
        {bySenders ? (
          <p>
            {quiet ? "Not lately" : "Yes"}: the last report came {ago(bySenders.receivedAt, now)} by{" "}
            {doorName(bySenders.door)}, from <Reported text={bySenders.organization} /> about {formatDay(bySenders.day)}
            .
          </p>
        ) : (
          <p>Nothing yet.{heard.length > 0 && " All reports so far were brought by people."}</p>
        )}
        {quiet && <WhatToLookAt domain={domain} base={base} isFirst={bySenders === undefined} />}
        <Table
          caption="What came through each door"
          fits
          head={
            <>
              <Th>Door</Th>
              <Th>Last report</Th>
              <Th number>In 30 days</Th>
            </>
          }
        >
          {DOOR_CHOICES.map((door) => (
            <DoorRow key={door} door={door} heard={heard.find((one) => one.door === door)} now={now} />
          ))}
        </Table>
      </div>
    </Card>
  );
}

function DoorRow({ door, heard, now }: { door: string; heard: HeardByDoor | undefined; now: Date }) {
  return (
    <tr>
      <Td>{doorName(door)}</Td>
      {heard ? (
        <>
          <Td>
            <Time at={heard.receivedAt} now={now} />
            <span className="block text-muted text-xs">
              from <Reported text={heard.organization} most={80} />, about {formatDay(heard.day)}
            </span>
          </Td>
          <Td number>{heard.recent.toLocaleString("en")}</Td>
        </>
      ) : (
        <Td colSpan={2} className="text-muted">
          Nothing yet
        </Td>
      )}
    </tr>
  );
}

async function WhatToLookAt({ domain, base, isFirst }: { domain: DomainRow; base: string; isFirst: boolean }) {
  const lookup = await latestLookup(domain.id);
  return (
    <ul className="max-w-prose list-disc space-y-1 pl-5 text-muted">
      <li>
        {lookup === null ? (
          "Whether the record is published was not looked up yet."
        ) : (
          <>
            {publishedIn(lookup, domain)} (Last lookup: <Time at={lookup.checkedAt} />
            .) <TextLink href={`${base}/lookup`}>What it found</TextLink>
          </>
        )}
      </li>
      <li>
        {isFirst
          ? "A sender writes about a day on the day after, so that the first report comes one or two days after the record is published, and after the first mail."
          : "Senders write only about days on which they had mail for the domain; of most domains that is every day."}
      </li>
      <li>
        What came and could not be taken is kept: <TextLink href={`${base}/quarantine`}>quarantine</TextLink>,{" "}
        <TextLink href={`${base}/unclaimed`}>unclaimed reports</TextLink>. What nobody vouches for is held, and does not
        stand here: <TextLink href={`${base}/reports?period=365&outcome=held`}>held reports</TextLink>.
      </li>
    </ul>
  );
}

/** Whether the record sends reports here; that nobody answered is neither. */
function publishedIn({ facts }: StoredLookup, { inboxToken }: DomainRow): string {
  if (answerOf(facts.tlsRptTxt).kind === "unanswered") return "Whether the record is published could not be looked up.";
  const { rua } = summarise(facts);
  if (rua.some((uri) => reportDestinations(inboxToken).includes(uri)))
    return "The record is published, with this inbox.";
  return rua.length > 0 ? "A record is published, without this inbox." : "No record that can be used is published.";
}
