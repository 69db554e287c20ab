import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { SignatureCard } from "#app/teams/[team]/domains/[domain]/reports/[report]/signature-card.tsx";

const ONLY_SAID = "is only what the report says";

function shown(dkimSigner: string, organization: string, dkim = "pass"): string {
  const card = { dkim, dkimSigner, dkimReason: `Signed by ${dkimSigner}.`, contact: `tls@${dkimSigner}`, door: "smtp" };
  return renderToStaticMarkup(<SignatureCard {...card} organization={organization} />).replace(/<[^>]*>/g, "");
}

it.each([
  ["evil.example", "Google Inc.", true, "anybody writes any name"],
  ["google.com", "Google Inc.", true, "a name is no domain"],
  ["evil.example", "google.com", true, "somebody else's domain"],
  ["evil.example", "evil.example", false, "its own"],
  ["mail.evil.example", "evil.example", false, "its own organisation's"],
])("signed by %s in the name of %s: that the name proves nothing is said: %s", (signer, name, expected, _reason) => {
  const text = shown(signer, name);
  expect(text).toContain(`Signed by ${signer}.`);
  expect(text.includes(`The name “${name}” ${ONLY_SAID}`)).toBe(expected);
  expect(shown(signer, name, "fail")).not.toContain(ONLY_SAID);
});
