import type { EarlierPolicy, Facts } from "#lib/checks/gather.ts";
import { type Outcome, table } from "./case.ts";
import { failed, fetched, httpWith, POLICY, served, stsOf } from "./facts.ts";

const { cases, when } = table();

export { cases };

// mta-sts-id (M5, M74)
{
  const seenAt = "2026-11-20T08:00:00.000Z";
  const id = (earlier: Partial<EarlierPolicy>, outcomes: Outcome[], why: string, changes: Partial<Facts> = {}) =>
    when(
      "mta-sts-id",
      { earlierPolicy: { id: "20261122", body: POLICY, seenAt, ...earlier }, ...changes },
      outcomes,
      why,
    );
  when("mta-sts-id", { earlierPolicy: null }, ["info sts-id-first-seen"], "nothing to compare with");
  id({}, ["pass sts-id-unchanged"], "M5: neither changed");
  id({ id: "1", body: "old" }, ["pass sts-id-new"], "M5: both changed");
  id({ id: "99999999", body: "old" }, ["pass sts-id-new"], "M5: ids have no order");
  id({ id: null, body: "old" }, ["info sts-id-first-seen"], "the earlier policy had no record");
  id({ body: POLICY.replace("enforce", "testing") }, ["warn sts-id-behind"], "M5: the body alone changed");
  id({ body: `${POLICY} ` }, ["warn sts-id-behind"], "M5: any octet is a change");
  id({ body: POLICY.replaceAll("\n", "\r\n") }, ["warn sts-id-line-ends"], "M5: only the line ends changed");
  id({ body: POLICY.trimEnd() }, ["warn sts-id-line-ends"], "M5: only the last line end is new");
  id({ id: "1" }, ["warn sts-id-ahead"], "M74: the id alone changed");
  id({ id: "20261122A" }, ["warn sts-id-ahead"], "M5: a longer id is another");
  id({ id: "1" }, ["skipped skipped-after-fail"], "after the record", { stsTxt: stsOf() });
  id({}, ["skipped skipped-after-error"], "after the record", { stsTxt: failed("x", "TXT", "timeout") });
  id({}, ["skipped skipped-after-fail"], "after the fetch", {
    policyFetch: fetched({ http: httpWith({ status: 404 }) }),
  });
  id({ body: "x" }, ["warn sts-id-behind"], "a policy that cannot be read has changed too", {
    policyFetch: served("y"),
  });
}
