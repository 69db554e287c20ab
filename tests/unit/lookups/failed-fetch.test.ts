import { expect, it } from "vitest";
import { failedFetchOf } from "#lib/lookups/failed-fetch.ts";
import {
  brokenOff,
  factsWith,
  failed,
  fetched,
  httpWith,
  notReached,
  stsOf,
  tlsWith,
  withTls,
} from "#tests/unit/checks/facts.ts";

const WITHOUT_RECORD = failed("_mta-sts.example.org", "TXT", "no-such-name");

it.each([
  [fetched(), null, "a policy"],
  [fetched({ http: httpWith({ body: "nonsense" }) }), null, "an answer, whatever it holds"],
  [fetched({ http: httpWith({ status: 404 }) }), "20261122", "another status"],
  [fetched({ http: httpWith({ status: 302 }) }), "20261122", "a redirect, which is not followed"],
  [notReached("connection-refused"), "20261122", "no connection"],
  [brokenOff("response-timeout"), "20261122", "an answer that did not end"],
  [withTls(tlsWith({ chainError: { code: "CERT_HAS_EXPIRED", message: "" } })), "20261122", "a bad certificate"],
  [notReached("address-refused"), null, "nobody was asked"],
  [notReached("no-route-here"), null, "nobody was asked"],
  [null, null, "no host to ask"],
])("the id that waits, %#: %s %s", (policyFetch, id, _reason) => {
  expect(failedFetchOf(factsWith({ policyFetch, stsTxt: stsOf("v=STSv1; id=20261122;") }))).toBe(id);
  // Without a valid record no sender fetches, and none waits.
  expect(failedFetchOf(factsWith({ policyFetch, stsTxt: stsOf("v=STSv1;") }))).toBeNull();
  expect(failedFetchOf(factsWith({ policyFetch, stsTxt: WITHOUT_RECORD }))).toBeNull();
});
