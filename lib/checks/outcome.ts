import type { StsPolicy } from "#lib/standards/sts-policy.ts";
import { mailHostsOf } from "./answers.ts";
import { daneDemandOf } from "./dane-demand.ts";
import { daneStatesOf } from "./dane-state.ts";
import { about } from "./finding.ts";
import type { Facts } from "./gather.ts";
import { outcomeRows } from "./outcome-rows.ts";
import { unlookedOf } from "./outcome-unlooked.ts";
import { resolverValidates } from "./security.ts";
import { stsStateOf } from "./sts-state.ts";
import type { OutcomeRow, Verdict } from "./verdict.ts";
import type { FindingCode } from "./wording.ts";

type OutcomeFacts = Pick<
  Facts,
  | "domain"
  | "checkedAt"
  | "mx"
  | "domainAddresses"
  | "stsTxt"
  | "policyHostAddresses"
  | "policyFetch"
  | "policyFetches"
  | "signedNames"
  | "mailHosts"
  | "smtp"
  | "outward"
>;

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

function conclusionOf(
  rows: OutcomeRow[],
  unlooked: string,
  facts: OutcomeFacts,
): { code: FindingCode; evidence: Record<string, unknown> } {
  const named = (is: (row: OutcomeRow, sender: (typeof SENDERS)[number][0]) => boolean, all: boolean) =>
    SENDERS.filter(([key]) => (all ? rows.every((row) => is(row, key)) : rows.some((row) => is(row, key)))).map(
      ([, name]) => name,
    );
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
  const half = daneStatesOf(facts).filter(({ state }) => state === "match-of-some");
  if (half.length > 0) {
    return { code: "outcome-dane-combination", evidence: { hosts: [...new Set(half.map(({ host }) => host))] } };
    }
  return whenWell(unlooked, facts);
}

/** What is to be said where all mail is delivered encrypted, as far as was looked. */
function whenWell(unlooked: string, facts: OutcomeFacts): { code: FindingCode; evidence: Record<string, unknown> } {
  const sts = stsStateOf(facts);
  if (sts.kind === "mixed") {
    const [serving = [], others = []] = [true, false].map((wanted) =>
      sts.found.filter((one) => isEnforced(one.policy) === wanted).flatMap(({ addresses }) => addresses),
    );
    if (serving.length > 0 && others.length > 0)
      return { code: "outcome-policy-differs", evidence: { serving, others } };
  }
  // M65: what was not looked at is not taken for good.
  if (unlooked !== "") {
    const demand = isDemanded(facts) ? "and those that can check do" : "but nothing demands it";
    return { code: "outcome-part-unlooked", evidence: { unlooked, demand } };
  }
  return { code: isDemanded(facts) ? "outcome-protected" : "outcome-opportunistic", evidence: {} };
}

function isEnforced(policy: StsPolicy | null): boolean {
  return policy?.mode === "enforce";
}

/** Whether some kind of sender has to encrypt and to check whom it speaks with, at every mail host. */
function isDemanded(facts: OutcomeFacts): boolean {
  const sts = stsStateOf(facts);
  if (sts.kind === "policy" && isEnforced(sts.policy)) return true;
  if (sts.kind === "mixed" && sts.found.every(({ policy }) => isEnforced(policy))) return true;
  const validates = resolverValidates(facts);
  return facts.mailHosts.every((host) => daneDemandOf(host, facts.mx, validates).kind === "records");
}

function placeOf({ mx, address }: OutcomeRow): string {
  return address === null ? mx : `${mx} [${address}]`;
}

/** The contract: the evidence of this check is the list itself, whole. */
function withRows(verdict: Verdict, rows: OutcomeRow[]): Verdict {
  return { ...verdict, evidence: rows };
}
