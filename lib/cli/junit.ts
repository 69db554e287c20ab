import type { Verdict } from "#lib/checks/verdict.ts";

/** What is reported of a lookup. */
interface Lookup {
  domain: string;
  checkedAt: string;
  verdicts: readonly Verdict[];
}

/**
 * Lookups as JUnit XML, which build servers show: a suite per domain, a case per verdict.
 * @param failOn which verdicts fail the build; the same as for the exit code
 */
export function junitReport(lookups: readonly Lookup[], failOn: "fail" | "warn"): string {
  const suites = lookups.map((lookup) => suite(lookup, failOn));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="sealpost">',
    ...suites,
    "</testsuites>",
    "",
  ].join("\n");
}

function suite({ domain, checkedAt, verdicts }: Lookup, failOn: "fail" | "warn"): string {
  const fails = (verdict: Verdict) => verdict.status === "fail" || (failOn === "warn" && verdict.status === "warn");
  const count = (is: (verdict: Verdict) => boolean) => verdicts.filter(is).length;
  const numbers = {
    tests: verdicts.length,
    failures: count(fails),
    errors: count(({ status }) => status === "error"),
    skipped: count(({ status }) => status === "skipped"),
  };
  const head = attributes({ name: domain, timestamp: checkedAt.replace(/\.\d+Z$/, ""), ...numbers });
  const cases = verdicts.map((verdict) => testCase(verdict, domain, fails(verdict)));
  return [`  <testsuite${head}>`, ...cases, "  </testsuite>"].join("\n");
}

function testCase(verdict: Verdict, domain: string, fails: boolean): string {
  const { check, code, status, subject, title, detail, fix, reference } = verdict;
  const head = attributes({ classname: `${domain}.${check}`, name: `${check}: ${title} (${subject})` });
  const text = escapeXml([detail, fix && `To do: ${fix}`, reference].filter(Boolean).join("\n"));
  const element = fails ? "failure" : status === "error" ? "error" : status === "skipped" ? "skipped" : null;
  if (element === null) return `    <testcase${head}><system-out>${text}</system-out></testcase>`;
  return `    <testcase${head}><${element}${attributes({ type: code, message: title })}>${text}</${element}></testcase>`;
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join("");
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };
// XML 1.0 §2.2: these characters may not stand in a document, not even as references.
const IMPOSSIBLE = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

function escapeXml(text: string): string {
  return text.replace(IMPOSSIBLE, "\ufffd").replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
