import type { StsPolicy } from "#lib/standards/sts-policy.ts";
import { mailHostsOf } from "./answers.ts";
import { type DaneState, daneStatesOf } from "./dane-state.ts";
import { about } from "./finding.ts";
import type { Facts } from "./gather.ts";
import { outcomeRows, type RowFacts } from "./outcome-rows.ts";
import { unlookedOf } from "./outcome-unlooked.ts";
import { stsStateOf } from "./sts-state.ts";
import type { OutcomeRow, Verdict } from "./verdict.ts";
import type { FindingCode } from "./wording.ts";

type OutcomeFacts = RowFacts & Pick<Facts, "domainAddresses">;

const SENDERS = [
  ["mtaSts", "senders that honour MTA-STS"],
  ["dane", "senders that honour DANE"],
  ["opportunistic", "all other senders"],
] as const;

/** What becomes of mail to the domain, for each kind of sender at each address; the rows are the evidence. */
export function checkOutcome(facts: OutcomeFacts): Verdict[] {
  const { domain, mx, domainAddresses } = facts;
  const say = about("outcome", domain);
  const mail = mailHostsOf(mx, domainAddresses);
  if (mail.kind === "null-mx") return [withRows(say("outcome-no-mail"), [])];
  if (mail.kind === "none") return [withRows(say("skipped-after-fail", { prerequisite: "mx" }), [])];
  if (mail.kind === "unknown") return [withRows(say("skipped-after-error", { prerequisite: "mx" }), [])];
  const rows = outcomeRows(facts);
  const unlooked = unlookedOf(facts);
  const { code, evidence } = conclusionOf(rows, unlooked.count, facts);
  return [withRows(say(code, evidence), [...rows, ...unlooked.rows])];
}

/** The kinds of senders as they are called; of those with DANE not all look at records over an unsigned MX record (D8). */
function sendersOf(facts: OutcomeFacts): readonly (readonly [(typeof SENDERS)[number][0], string])[] {
  if (!daneStatesOf(facts).some(({ isOverInsecureMx }) => isOverInsecureMx)) return SENDERS;
  return SENDERS.map(([key, name]) => [
    key,
    key === "dane" ? "senders that use the TLSA records of hosts though the MX record is not signed" : name,
  ]);
}

interface Conclusion {
  code: FindingCode;
  evidence: Record<string, unknown>;
}

function conclusionOf(rows: OutcomeRow[], unlooked: string, facts: OutcomeFacts): Conclusion {
  const named = (is: (row: OutcomeRow, sender: (typeof SENDERS)[number][0]) => boolean, all: boolean) =>
    sendersOf(facts)
      .filter(([key]) => (all ? rows.every((row) => is(row, key)) : rows.some((row) => is(row, key))))
      .map(([, name]) => name);
  const list = (names: string[]) => ({ senders: names.join(", ") });
  const stopped = named((row, key) => row[key] === "defer", true);
  if (stopped.length > 0) return { code: "outcome-mail-stops", evidence: list(stopped) };
  if (rows.every(({ opportunistic }) => opportunistic === "unprotected")) {
    return { code: "outcome-unprotected", evidence: {} };
  }
  const unknown = rows.filter((row) => SENDERS.some(([key]) => row[key] === null));
  if (unknown.length > 0) return { code: "outcome-not-known", evidence: { hosts: unknown.map(placeOf) } };
  const deferring = rows.filter((row) => SENDERS.some(([key]) => row[key] === "defer"));
  if (deferring.length > 0) {
    const senders = list(named((row, key) => row[key] === "defer", false));
    return { code: "outcome-some-defer", evidence: { ...senders, hosts: deferring.map(placeOf) } };
  }
  const open = rows.filter(({ opportunistic }) => opportunistic === "unprotected");
  if (open.length > 0) return { code: "outcome-some-unprotected", evidence: { hosts: open.map(placeOf) } };
  return protectionOf(unlooked, facts);
}

/** How far mail is protected that is delivered over TLS everywhere, as far as was looked. */
function protectionOf(unlooked: string, facts: OutcomeFacts): Conclusion {
  const states = daneStatesOf(facts);
  const hostsWith = (wanted: DaneState["kind"]) => [
    ...new Set(states.filter(({ kind }) => kind === wanted).map(({ host }) => host)),
  ];
  const half = hostsWith("match-of-some");
  if (half.length > 0) return { code: "outcome-dane-combination", evidence: { hosts: half } };
  const sts = stsStateOf(facts);
  if (sts.kind === "mixed") {
    const [serving = [], others = []] = [true, false].map((wanted) =>
      sts.found.filter((one) => isEnforced(one.policy) === wanted).flatMap(({ addresses }) => addresses),
    );
    if (serving.length > 0 && others.length > 0)
      return { code: "outcome-policy-differs", evidence: { serving, others } };
  }
  const isMatched = states.every(({ kind }) => kind === "match");
  const isProtected = isEnforcedEverywhere(sts) || isMatched;
  // RFC 7672 §2.2 (D6): TLS is demanded, and anyone may be the other side of it.
  const isDemanded = states.every(
    ({ kind, isOverInsecureMx }) => (kind === "match" || kind === "tls-only") && !isOverInsecureMx,
  );
  if (!isProtected && isDemanded) {
    return { code: "outcome-dane-unauthenticated", evidence: { hosts: hostsWith("tls-only") } };
  }
  // M65: what was not looked at is not taken for good.
  if (unlooked !== "") {
    const demand = isProtected ? "and those that can check do" : "but nothing demands it";
    return { code: "outcome-part-unlooked", evidence: { unlooked, demand } };
  }
  if (!isProtected) return { code: "outcome-opportunistic", evidence: {} };
  // RFC 7672 §2.2.1 (D8): "MUST NOT be misrepresented ... as secure delivery to the intended next-hop domain".
  const isPartial = !isEnforcedEverywhere(sts) && states.some(({ isOverInsecureMx }) => isOverInsecureMx);
  return { code: isPartial ? "outcome-partially-protected" : "outcome-protected", evidence: {} };
}

function isEnforced(policy: StsPolicy | null): boolean {
  return policy?.mode === "enforce";
}

/** Whether every address of the policy host gives a policy in enforce. */
function isEnforcedEverywhere(sts: ReturnType<typeof stsStateOf>): boolean {
  if (sts.kind === "policy") return isEnforced(sts.policy);
  return sts.kind === "mixed" && sts.found.every(({ policy }) => isEnforced(policy));
}

function placeOf({ mx, address }: OutcomeRow): string {
  return address === null ? mx : `${mx} [${address}]`;
}

/** The contract: the evidence of this check is the list itself, whole. */
function withRows(verdict: Verdict, rows: OutcomeRow[]): Verdict {
  return { ...verdict, evidence: rows };
}
