import { settings } from "#lib/settings.ts";
import { tlsRptRecordName } from "#lib/standards/record-names.ts";
import { writeTlsRptRecord } from "#lib/standards/tls-rpt-record.ts";

/** The two ways of RFC 8460 §3. */
export type Way = "https" | "mail";

/** One way for reports to an inbox. */
export interface Destination {
  way: Way;
  /** What a person copies; null while there is none. */
  address: string | null;
  /** As `rua` names it; null while senders cannot reach it. */
  uri: string | null;
  /** Why senders cannot, and how to mend it. */
  obstacle: string | null;
}

/** Where reports for a domain can be sent; made from its unguessable token. */
export function destinationsOf(token: string, reach: Reach = settings()): Record<Way, Destination> {
  const { url, mailDomain } = reach;
  const ways = {
    https: { address: `${url}/api/tls-reports/${token}`, obstacle: obstacleByHttps(reach) },
    mail: { address: mailDomain === null ? null : `${token}@${mailDomain}`, obstacle: obstacleByMail(reach) },
  };
  return {
    https: { way: "https", ...ways.https, uri: ways.https.obstacle === null ? ways.https.address : null },
    mail: { way: "mail", ...ways.mail, uri: ways.mail.obstacle === null ? `mailto:${ways.mail.address}` : null },
  };
}

/** RFC 8460 §3: only https and mailto. */
function obstacleByHttps({ url }: Reach): string | null {
  if (url.startsWith("https:")) return null;
  return "Senders use HTTPS only, and SEALPOST_URL is no such address. Put a proxy with a certificate in front of Sealpost, and set SEALPOST_URL to its https:// address.";
}

function obstacleByMail({ mailDomain, smtpDoor }: Reach): string | null {
  if (mailDomain === null)
    return "SEALPOST_MAIL_DOMAIN is not set. Give Sealpost a domain of its own for report addresses, and lead its mail here.";
  return smtpDoor.listen === null
    ? "The SMTP door is off: SEALPOST_SMTP_LISTEN is empty. Set it to where the mail of SEALPOST_MAIL_DOMAIN is to come in."
    : null;
}

/** The settings that say how senders reach this Sealpost. */
interface Reach extends Pick<ReturnType<typeof settings>, "mailDomain" | "url"> {
  smtpDoor: { listen: unknown };
}

/**
 * What to publish as `rua` so that reports come here, `first` before the other (standards.md T7: Microsoft sends to the first
 * only); empty while senders cannot reach this Sealpost.
 */
export function reportDestinations(token: string, first: Way = "https", reach: Reach = settings()): string[] {
  const ways = destinationsOf(token, reach);
  const order = first === "mail" ? [ways.mail, ways.https] : [ways.https, ways.mail];
  return order.flatMap(({ uri }) => (uri === null ? [] : [uri]));
}

/** The TLS-RPT record that has reports about a domain sent here; null while senders cannot reach this Sealpost. */
export function recordToPublish(domain: { name: string; inboxToken: string }, first?: Way) {
  const rua = reportDestinations(domain.inboxToken, first);
  return rua.length === 0 ? null : { name: tlsRptRecordName(domain.name), value: writeTlsRptRecord(rua) };
}
