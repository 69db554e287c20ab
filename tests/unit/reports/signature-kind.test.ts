import { expect, it } from "vitest";
import { signatureKind } from "#lib/reports/signature-kind.ts";

const CONTACT = "smtp-tls-reporting@google.com";

it.each([
  [null, null, CONTACT, null, "it came in no mail"],
  ["pass", "google.com", CONTACT, "signed", "by the reporter"],
  ["none", null, CONTACT, "unsigned", "by nobody"],
  ["temporary", "google.com", CONTACT, "unchecked", "the key was not to be had"],
  ["fail", "evil.example", CONTACT, "other", "by another organisation"],
  ["fail", "google.com", CONTACT, "invalid", "by the reporter, and it does not hold"],
  ["fail", "corp.google.com", CONTACT, "invalid", "by another name of the reporter"],
  ["fail", "evil.example", null, "invalid", "the report does not say whom it is from"],
  ["fail", "evil.example", "not an address", "invalid", "nor does this"],
])("%s by %s for %s: %s", (dkim, dkimSigner, contact, kind, _reason) => {
  expect(signatureKind({ dkim, dkimSigner, contact })).toBe(kind);
});
