import type { DnsFact, MxRecord, TxtRecord } from "#lib/probes/dns-fact.ts";
import type { TlsaRecord } from "#lib/probes/dns-rdata.ts";
import type { SmtpFact } from "#lib/probes/smtp-fact.ts";
import { tlsaName, tlsRptRecordName } from "#lib/standards/record-names.ts";
import { answerOf, mailHostsOf } from "./answers.ts";
import type { AddressFacts, Probes } from "./gather.ts";

/** What the DNS tells of one mail host. */
export interface MailHostFact {
  /** The name in the MX record, or the domain itself where it is its own (RFC 5321 §5.1). */
  name: string;
  preference: number;
  addresses: AddressFacts;
  /** In the order of asking: where the host's aliases end first, when it has any (RFC 7672 §2.2.2). */
  tlsa: TlsaLookup[];
  /** The TXT records at `_smtp._tls.<host>` (T12). */
  tlsRptTxt: DnsFact<TxtRecord>;
}

/** The TLSA records at `_25._tcp.<base>`. */
export interface TlsaLookup {
  base: string;
  records: DnsFact<TlsaRecord>;
}

/** A domain may name any number of mail hosts; a lookup looks at no more than these, the most preferred first. */
export const MAX_MAIL_HOSTS = 16;

/** What the DNS tells of each mail host, the most preferred first. */
export async function askMailHosts(
  probes: Probes,
  domain: string,
  mx: DnsFact<MxRecord>,
  domainAddresses: AddressFacts | null,
): Promise<MailHostFact[]> {
  const mail = mailHostsOf(mx, domainAddresses);
  if (mail.kind === "implicit") return [await askMailHost(probes, { exchange: domain, preference: 0 })];
  if (mail.kind !== "hosts") return [];
  return Promise.all(mail.hosts.slice(0, MAX_MAIL_HOSTS).map((host) => askMailHost(probes, host)));
}

async function askMailHost(probes: Probes, { exchange: name, preference }: MxRecord): Promise<MailHostFact> {
  const tlsRptTxt = probes.resolveTxt(tlsRptRecordName(name));
  // The record of a host without aliases is asked for beside its addresses.
  const ownTlsa = probes.resolveTlsa(tlsaName(name));
  const addresses = await probes.resolveAddresses(name);
  const end = endOfAliases(addresses);
  const tlsa: TlsaLookup[] = [];
  if (end !== null) tlsa.push({ base: end, records: await probes.resolveTlsa(tlsaName(end)) });
  tlsa.push({ base: name, records: await ownTlsa });
  return { name, preference, addresses, tlsa, tlsRptTxt: await tlsRptTxt };
}

/** Where the aliases of a host lead to; null when it has none, or when one is not known to be secure. */
function endOfAliases({ a, aaaa }: AddressFacts): string | null {
  const answer = a.result.ok ? a : aaaa;
  return answer.authenticated ? (answer.chain.at(-1) ?? null) : null;
}

/**
 * The name that a sender with DANE says in SNI, where it is not the host's own: where the aliases end, when secure TLSA
 * records stand there (RFC 7672 §2.2.3, §8.1; D9, D17).
 */
function otherBaseOf({ name, tlsa }: MailHostFact): string | null {
  const counting = tlsa.find(({ records }) => answerOf(records).kind !== "absent");
  if (counting === undefined || counting.base === name) return null;
  const { base, records } = counting;
  return answerOf(records).kind === "records" && records.authenticated ? base : null;
}

/** Addresses of one family of a mail host that are spoken with: enough for any real host, too few to make a flood of. */
export const MAX_HOST_ADDRESSES = 8;

/** Speaks with each address of each mail host, side by side. */
export async function askSmtp(probes: Probes, hosts: readonly MailHostFact[]): Promise<SmtpFact[]> {
  const spoken = hosts.flatMap((host) => {
    const base = otherBaseOf(host);
    const lists = [host.addresses.a, host.addresses.aaaa].map(({ result }) => (result.ok ? result.records : []));
    const addresses = lists.flatMap((list) => [...new Set(list)].slice(0, MAX_HOST_ADDRESSES));
    return addresses.map((address) => probes.speakSmtp(host.name, address, base));
  });
  return Promise.all(spoken);
}
