import { policyHost } from "#lib/standards/record-names.ts";
import { answerOf } from "./answers.ts";
import { about } from "./finding.ts";
import type { Facts } from "./gather.ts";
import { policyReadingOf } from "./policy-reading.ts";
import type { Verdict } from "./verdict.ts";

/** RFC 8461 §8.3 (M76): about one day; up to two is taken for a removal under way. */
const REMOVAL_MAX_AGE = 172_800;

/** What the policy asks of senders (RFC 8461 §5; M43, M70 to M72). */
export function checkMtaStsMode({
  domain,
  policyFetch,
  stsTxt,
}: Pick<Facts, "domain" | "policyFetch" | "stsTxt">): Verdict[] {
  const say = about("mta-sts-mode", policyHost(domain));
  const { value, parts, problems } = policyReadingOf(policyFetch);
  if (value === null) {
    const isRead = !problems.some((problem) => problem.code === "sts-policy-empty");
    return [
      parts.mode === null && isRead
        ? say("sts-mode-invalid")
        : say("skipped-after-fail", { prerequisite: "mta-sts-policy" }),
    ];
  }
  const { mode, maxAge } = value;
  if (mode === "enforce") return [say("sts-mode-enforce", { mode })];
  if (mode === "testing") return [say("sts-mode-testing", { mode })];
  // RFC 8461 §8.3 (M76): mode none is a step on the way out; without a record, the last one.
  if (answerOf(stsTxt).kind === "absent") return [say("sts-mode-none-unannounced", { mode, maxAge })];
  return [say(maxAge <= REMOVAL_MAX_AGE ? "sts-mode-none-removal" : "sts-mode-none", { mode, maxAge })];
}
