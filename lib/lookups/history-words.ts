import type { StoredChange } from "#lib/db/changes.ts";
import { displayName } from "#lib/standards/domain-name.ts";
import type { Change, ChangeKind, ChangeValue } from "./compare.ts";
import {
  certificateWords,
  code,
  plainValue,
  policyWords,
  secondsWords,
  securityWords,
  statusWords,
} from "./history-values.ts";

/** A change as people read it; `backticks` mark what comes from the DNS or a server. */
export interface ChangeWords {
  title: string;
  before: string;
  after: string;
  /** What it means for mail, or null where the title says it. */
  meaning: string | null;
}

/** Several changes that are the same but for their subject, as a certificate that is renewed at all hosts at once. */
export interface AlikeChanges extends Change {
  subjects: string[];
}

const MOST_SUBJECTS = 4;

/** Changes of one lookup with those put together that say the same of several subjects. */
export function alikeChanges(changes: readonly Change[]): AlikeChanges[] {
  const groups = Map.groupBy(changes, ({ kind, before, after }) => JSON.stringify([kind, before, after]));
  return [...groups.values()].flatMap((group) =>
    group[0] === undefined ? [] : [{ ...group[0], subjects: group.map(({ subject }) => subject) }],
  );
}

/** What changed, what it was before and after, and what that means. */
export function wordsOfChange(change: AlikeChanges): ChangeWords {
  const { kind, before, after } = change;
  const { title, absent, meaning, value = plainValue } = WORDS[kind];
  const told = (one: ChangeValue) => (one === null ? absent : value(one));
  return {
    title: title(subjectsOf(change), change),
    before: told(before),
    after: told(after),
    meaning: isNullMx(change) ? null : meaning,
  };
}

/** A page of stored changes, told lookup by lookup. */
export function changesByLookup(changes: readonly StoredChange[]) {
  return [...Map.groupBy(changes, ({ lookupId }) => lookupId)].flatMap(([lookupId, ofLookup]) =>
    ofLookup[0] === undefined
      ? []
      : [{ lookupId, at: ofLookup[0].at, changes: alikeChanges(ofLookup).map(wordsOfChange) }],
  );
}

type Value = NonNullable<ChangeValue>;

interface KindWords {
  title: (subjects: string, change: Change) => string;
  /** What null says. */
  absent: string;
  meaning: string | null;
  value?: (value: Value) => string;
}

const HELD =
  "Senders that hold the older policy keep to it until they see another id, or until its max_age has passed.";
const DANE = "Senders that use DANE deliver only where the certificate matches one of the records.";
const isNullMx = ({ subject }: Change) => subject === "";
const preference = (value: unknown) => `there, with preference ${value}`;

const WORDS: Record<ChangeKind, KindWords> = {
  "mx-added": {
    title: (hosts, change) =>
      isNullMx(change) ? "The domain takes no mail any more (null MX)" : `New mail host: ${hosts}`,
    absent: "not there",
    meaning: "Senders deliver there too. A policy has to name the host, and its certificate has to fit.",
    value: preference,
  },
  "mx-removed": {
    title: (hosts, change) => (isNullMx(change) ? "The null MX is gone" : `Mail host gone: ${hosts}`),
    absent: "not there",
    meaning: null,
    value: preference,
  },
  "mx-preference": {
    title: (hosts) => `${hosts} has another preference`,
    absent: "not there",
    meaning: "Senders try the host with the lowest number first.",
    value: preference,
  },
  "address-added": { title: (hosts) => `New address of ${hosts}`, absent: "not there", meaning: null },
  "address-removed": { title: (hosts) => `Address of ${hosts} gone`, absent: "not there", meaning: null },
  "addresses-rotate": {
    title: (hosts) => `The addresses of ${hosts} rotate`,
    absent: "not seen to rotate",
    meaning:
      "The host answers with some of its addresses at a time. One that is missing is told as gone only after a week or more.",
    value: (value) => `${plainValue(value)} came back`,
  },
  certificate: {
    title: (hosts, { before, after }) =>
      before === null
        ? `${hosts} offers TLS`
        : after === null
          ? `${hosts} offers no TLS any more`
          : `New certificate: ${hosts}`,
    absent: "STARTTLS was not offered",
    meaning: null,
    value: certificateWords,
  },
  "tlsa-added": { title: (names) => `New TLSA record at ${names}`, absent: "not there", meaning: DANE },
  "tlsa-removed": { title: (names) => `TLSA record at ${names} gone`, absent: "not there", meaning: DANE },
  "sts-id": {
    title: () => "The id of the MTA-STS record changed",
    absent: "no valid record",
    meaning: "Senders that hold a policy fetch it again when they see another id.",
  },
  "policy-added": {
    title: () => "An MTA-STS policy is there",
    absent: "none that senders can use",
    meaning: null,
    value: policyWords,
  },
  "policy-removed": {
    title: () => "The MTA-STS policy is gone",
    absent: "none that senders can use",
    meaning: HELD,
    value: policyWords,
  },
  "policy-mode": { title: () => "The mode of the policy changed", absent: "none", meaning: HELD },
  "policy-max-age": {
    title: () => "The max_age of the policy changed",
    absent: "none",
    meaning: null,
    value: secondsWords,
  },
  "policy-mx-added": { title: () => "The policy names one more host", absent: "not named", meaning: HELD },
  "policy-mx-removed": { title: () => "The policy names a host no more", absent: "not named", meaning: HELD },
  "tls-rpt-record": {
    title: () => "The TLS-RPT record changed",
    absent: "no record",
    meaning: "Senders report failures to the destinations that stand in it.",
  },
  dnssec: {
    title: (names) => `DNSSEC of ${names} changed`,
    absent: "not known",
    meaning: "DANE counts only where the answers are secure.",
    value: securityWords,
  },
  worst: {
    title: () => "The worst finding changed",
    absent: "not known",
    meaning: null,
    value: statusWords,
  },
};

/** "`mx1.example.org`, `mx2.example.org` and 3 more". */
function subjectsOf({ subjects }: AlikeChanges): string {
  const shown = subjects.slice(0, MOST_SUBJECTS).map((subject) => code(displayName(subject)));
  const more = subjects.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}
