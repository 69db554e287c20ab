import { type DomainRow, domainOfInbox } from "#lib/db/domains.ts";
import { normaliseHost } from "#lib/standards/domain-name.ts";
import { SmtpRefusal } from "./smtp-reply.ts";

/**
 * The domain whose inbox an address is: `<inbox>@…`, or with a subaddress on either side of it (RFC 5233).
 * @throws SmtpRefusal for an address that is none of ours, DatabaseAway
 */
export async function domainOfAddress(address: string, mailDomain: string): Promise<DomainRow> {
  const at = address.lastIndexOf("@");
  if (at < 0 || normaliseHost(address.slice(at + 1)) !== mailDomain) {
    throw new SmtpRefusal(550, "5.7.1 This server takes reports only, and relays nothing");
  }
  for (const token of tokensOf(address.slice(0, at))) {
    const domain = await domainOfInbox(token);
    if (domain !== null) return domain;
  }
  throw new SmtpRefusal(550, "5.1.1 There is no such inbox");
}

/** What may be an inbox token in a local part; senders and relays may have changed its case. */
function tokensOf(localPart: string): string[] {
  // RFC 5321 §4.1.2: a quoted local part is the same mailbox as the plain one.
  const plain = /^".*"$/s.test(localPart) ? localPart.slice(1, -1).replace(/\\(.)/gs, "$1") : localPart;
  const parts = plain.toLowerCase().split("+");
  return [...new Set([parts[0] ?? "", parts.at(-1) ?? ""])];
}
