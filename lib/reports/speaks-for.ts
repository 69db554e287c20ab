import { getDomain } from "tldts";

/** P18: the reporter itself, or another name of the same organisation, as mail.ru signs with corp.mail.ru (quirk 41). */
export function speaksFor(signer: string, reporter: string): boolean {
  return organizationalDomain(signer) === organizationalDomain(reporter);
}

/** The domain under which an organisation has its names; a public suffix is its own. */
export function organizationalDomain(name: string): string {
  return getDomain(name, { allowPrivateDomains: true }) ?? name;
}
