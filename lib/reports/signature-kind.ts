import { domainIn } from "#lib/standards/report-hints.ts";
import { speaksFor } from "./speaks-for.ts";

/** What the signatures of the mail around a report come to: `invalid` is the reporter's own, and proves nothing. */
export type SignatureKind = "signed" | "unsigned" | "other" | "invalid" | "unchecked";

/** The kind of a stored verdict; null for a report that came in no mail. */
export function signatureKind(report: {
  dkim: string | null;
  dkimSigner: string | null;
  contact: string | null;
}): SignatureKind | null {
  const { dkim, dkimSigner: signer, contact } = report;
  if (dkim === null) return null;
  if (dkim === "pass") return "signed";
  if (dkim === "none") return "unsigned";
  if (dkim !== "fail") return "unchecked";
  const reporter = domainIn(contact?.split("@").at(-1));
  return signer !== null && reporter !== null && !speaksFor(signer, reporter) ? "other" : "invalid";
}
