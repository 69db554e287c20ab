import { settings } from "#lib/settings.ts";

/** Where reports for a domain can be sent; made from its unguessable token. */
export interface Inbox {
  /** Null while SEALPOST_MAIL_DOMAIN is not set. */
  address: string | null;
  url: string;
}

/** The report address and URL of an inbox token. */
export function inboxOf(token: string): Inbox {
  const { mailDomain, url } = settings();
  return { address: mailDomain === null ? null : `${token}@${mailDomain}`, url: `${url}/api/tls-reports/${token}` };
}

/** What to publish as `rua` so that reports come here; null while this Sealpost has no address that senders can reach. */
export function reportDestination(token: string): string | null {
  const { address, url } = inboxOf(token);
  // RFC 8460 §3: only https and mailto.
  if (url.startsWith("https:")) return url;
  return address === null ? null : `mailto:${address}`;
}
