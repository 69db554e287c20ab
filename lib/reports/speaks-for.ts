import { getDomain } from "tldts";

/** P18: the reporter itself, or another name of the same organisation, as mail.ru signs with corp.mail.ru (quirk 41). */
export function speaksFor(signer: string, reporter: string): boolean {
  if (signer === reporter) return true;
  const options = { allowPrivateDomains: true };
  const organization = getDomain(reporter, options);
  return organization !== null && getDomain(signer, options) === organization;
}
