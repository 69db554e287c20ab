import { readStsRecord } from "#lib/standards/sts-record.ts";
import { mailHostsOf } from "./answers.ts";
import { about } from "./finding.ts";
import type { Facts } from "./gather.ts";
import { minuteOf } from "./times.ts";
import type { Verdict } from "./verdict.ts";

/**
 * Whether id and policy changed together since they were last seen (RFC 8461 §3.1; M5, M74). Ids have no order, so they
 * are only ever equal or not.
 */
export function checkMtaStsId({
  domain,
  mx,
  stsTxt,
  policyFetch,
  earlierPolicy,
}: Pick<Facts, "domain" | "mx" | "stsTxt" | "policyFetch" | "earlierPolicy">): Verdict[] {
  const say = about("mta-sts-id", domain);
  const id = readStsRecord(stsTxt.result.ok ? stsTxt.result.records : []).value?.id;
  const body = policyFetch?.http?.body;
  // RFC 7505 (M68): there a record may be missing without harm.
  if (id === undefined && mailHostsOf(mx, null).kind === "null-mx") return [say("no-mail-hosts")];
  if (id === undefined || body === undefined) throw new Error("there is no id or no policy to compare");
  // Without an id beside it no sender has kept the earlier policy.
  if (earlierPolicy === null || earlierPolicy.id === null) return [say("sts-id-first-seen", { id })];

  const evidence = { id, before: earlierPolicy.id, seenAt: earlierPolicy.seenAt, seen: minuteOf(earlierPolicy.seenAt) };
  const isNewId = id !== earlierPolicy.id;
  const isNewBody = body !== earlierPolicy.body;
  if (isNewId === isNewBody) return [say(isNewId ? "sts-id-new" : "sts-id-unchanged", evidence)];
  if (isNewId) return [say("sts-id-ahead", evidence)];
  const isSameText = unixLines(body) === unixLines(earlierPolicy.body);
  return [say(isSameText ? "sts-id-line-ends" : "sts-id-behind", evidence)];
}

function unixLines(body: string): string {
  return body.replaceAll("\r\n", "\n").replace(/\n$/, "");
}
