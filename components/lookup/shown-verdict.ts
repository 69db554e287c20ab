import { ABOUT_CHECKS } from "#lib/checks/about-checks.ts";
import { type CheckName, type Status, type Verdict, worstStatus } from "#lib/checks/verdict.ts";
import { checkOf } from "#lib/checks/wording.ts";
import { policyHost } from "#lib/standards/record-names.ts";
import { shownText } from "./dns-text.ts";

/** Verdicts of one check that say the same of several subjects. */
export interface Alike {
  first: Verdict;
  all: readonly Verdict[];
}

const WORST_FIRST: readonly Status[] = ["fail", "error", "warn", "skipped", "info", "pass"];

/** Verdicts that say the same put together, the worst first. */
export function alike(verdicts: readonly Verdict[]): Alike[] {
  const groups = [...Map.groupBy(verdicts, ({ check, code }) => `${check} ${code}`).values()];
  return groups
    .flatMap((all) => (all[0] === undefined ? [] : [{ first: all[0], all }]))
    .toSorted((a, b) => WORST_FIRST.indexOf(a.first.status) - WORST_FIRST.indexOf(b.first.status));
}

/** True where somebody has to look. */
export function isUrgent({ status }: Verdict): boolean {
  return status === "fail" || status === "warn" || status === "error";
}

/** True when nothing of it asks for a look. */
export function isCalm(verdicts: readonly Verdict[]): boolean {
  const worst = worstStatus(verdicts.map((verdict) => verdict.status));
  return worst === null || worst === "pass" || worst === "info";
}

/** The title; of what was not tested it says what that was. */
export function titleOf({ check, status, code, title }: Verdict): string {
  if (status !== "skipped") return title;
  const reason = code.startsWith("skipped-after-") ? "" : title.replace(/^Not tested:? ?/, "");
  const { name } = ABOUT_CHECKS[check];
  return reason === "" ? `${name}: not tested` : `${name}: not tested, ${reason}`;
}

/** The detail, in which other checks go by the names that stand on the page. */
export function detailOf({ code, detail, evidence }: Verdict): string {
  const prerequisite = code.startsWith("skipped-after-") && "prerequisite" in evidence ? evidence.prerequisite : null;
  if (typeof prerequisite !== "string" || !isCheck(prerequisite)) return detail;
  return detail.replace(`\`${prerequisite}\``, `“${ABOUT_CHECKS[prerequisite].name}”`);
}

/** The address of the page about a check, at the finding. */
export function aboutHref({ check, code }: Verdict): string {
  return `/checks/${checkOf(code) ?? check}#${code}`;
}

/** What a verdict is about, where that is news: not the domain itself, nor the host under whose name it stands. */
export function subjectOf({ subject }: Verdict, domain: string, host: string | null): string | null {
  if (subject === domain || subject === policyHost(domain) || subject === host) return null;
  if (host !== null && subject.startsWith(`${host} [`)) return subject.slice(host.length + 2, -1);
  return subject;
}

/** What a verdict rests on, a line for each value; one text, since a page can hold hundreds of them. */
export function evidenceLines({ check, code, evidence }: Verdict): string[] {
  const values = Array.isArray(evidence) ? [] : Object.entries(evidence).filter(([, value]) => !isEmpty(value));
  return [
    `finding: ${check} ${code}`,
    ...values.map(([name, value]) => {
      const shown = Array.isArray(value) ? value.map(shownValue).join(", ") : shownValue(value);
      return `${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}: ${shown}`;
    }),
  ];
}

function shownValue(value: unknown): string {
  return shownText(typeof value === "string" ? value : JSON.stringify(value));
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

function isCheck(name: string): name is CheckName {
  return Object.hasOwn(ABOUT_CHECKS, name);
}
