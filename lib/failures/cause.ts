import { isHostName } from "#lib/standards/host-grammar.ts";
import { matchesMxPattern } from "#lib/standards/mx-match.ts";
import { readPolicyLines } from "#lib/standards/policy-lines.ts";
import type { Failure } from "#lib/standards/report-failure.ts";
import type { PolicyResult } from "#lib/standards/report-policy.ts";
import { isResultType } from "#lib/standards/result-types.ts";

/** The cause that no result type names (standards.md A4.2, B2.5): the MX host stands in no `mx` line of the policy. */
export const MX_NOT_IN_POLICY = "mx-not-in-policy";

/** A failure and what we infer from it. */
export interface ExplainedFailure extends Failure {
  /** The result type, or `mx-not-in-policy`; null when there is no result type. */
  cause: string | null;
}

/** What is asked of a failure and of its policy result to explain it. */
type Symptoms = Pick<Failure, "resultType" | "mx" | "reason">;
type Policy = Pick<PolicyResult, "type" | "strings" | "mx">;

/**
 * What a failure comes from. RFC 8460 has no result type for the failure that an enforced policy brings most: the draft's
 * `mx-mismatch` was removed in 2017, and RFC 8461 §4.1 then matched names again. Senders report it as `validation-failure`
 * (Google, mostly without a reason) or `certificate-host-mismatch`, or say `mx-mismatch` in some text. So we compare the
 * MX host with the policy that the same report carries: that is what the sender applied, whatever is published now.
 */
export function causeOf(failure: Symptoms, policy: Policy): string | null {
  return explainer(policy)(failure);
}

/** Gives each failure of a policy result its cause. @returns the same policy result */
export function explainFailures(policy: PolicyResult): PolicyResult<ExplainedFailure> {
  const explain = explainer(policy);
  for (const failure of policy.details) failure.cause = explain(failure);
  return policy as PolicyResult<ExplainedFailure>; // now each has one
}

const SAYS_MISMATCH = /\bmx[-_ ]?mismatch\b/i;

/** Explains failures of one policy; what it knows of the policy and of its hosts it finds out once, and only when asked. */
function explainer(policy: Policy): (failure: Symptoms) => string | null {
  let patterns: Set<string> | null | undefined;
  const outside = new Map<string, boolean>();
  const isOutside = (mx: string) => {
    // A line in the usual spelling needs no parser.
    if (candidatesFor(mx).some((pattern) => policy.strings?.includes(`mx: ${pattern}`))) return false;
    if (patterns === undefined) patterns = patternsOf(policy);
    // A name that is no host name (an address, say) cannot be compared.
    return patterns !== null && !covers(patterns, mx) && isHostName(mx);
  };
  return ({ resultType, mx, reason }) => {
    // Only an STS policy has patterns; the names of DANE are in its certificates (RFC 7672 §3.2).
    if (policy.type !== "sts") return resultType;
    if (reason !== null && SAYS_MISMATCH.test(reason)) return MX_NOT_IN_POLICY;
    if (resultType !== "validation-failure" && resultType !== "certificate-host-mismatch") {
      return resultType !== null && !isResultType(resultType) && SAYS_MISMATCH.test(resultType)
        ? MX_NOT_IN_POLICY
        : resultType;
    }
    if (mx === null) return resultType;
    let answer = outside.get(mx);
    if (answer === undefined) {
      answer = isOutside(mx);
      outside.set(mx, answer);
    }
    return answer ? MX_NOT_IN_POLICY : resultType;
  };
}

/** The patterns of the policy that the reporter applied: its own lines, or else mx-host; null when it gives none. */
function patternsOf(policy: Policy): Set<string> | null {
  const ofLines = mxLines(policy.strings ?? []);
  const patterns = ofLines.length > 0 ? ofLines : (policy.mx ?? []);
  return patterns.length > 0 ? new Set(patterns) : null;
}

/** Lines as nearly all senders give them, one by one and without anything to tidy up: they need no parser. */
const USUAL_LINE = /^(?:mx: [a-z0-9*.-]+|(?:version|mode|max_age): [A-Za-z0-9]+)$/;

function mxLines(strings: readonly string[]): string[] {
  if (strings.every((line) => USUAL_LINE.test(line))) {
    return strings.filter((line) => line.startsWith("mx: ")).map((line) => line.slice("mx: ".length));
  }
  const { lines } = readPolicyLines(strings.join("\n"));
  return lines.filter((line) => line.key === "mx").map((line) => line.value.toLowerCase());
}

function covers(patterns: Set<string>, mx: string): boolean {
  return candidatesFor(mx).some((pattern) => patterns.has(pattern) && matchesMxPattern(pattern, mx));
}

/** The only two patterns that can cover a name: a report with thousands of both is no reason to compare all with all. */
function candidatesFor(mx: string): string[] {
  const dot = mx.indexOf(".");
  return dot < 0 ? [mx] : [mx, `*${mx.slice(dot)}`];
}
