import { addressesOf, mailHostsOf } from "./answers.ts";
import type { Facts } from "./gather.ts";
import { MAX_HOST_ADDRESSES, MAX_MAIL_HOSTS } from "./mail-host-facts.ts";
import type { OutcomeRow } from "./verdict.ts";

interface Unlooked {
  rows: OutcomeRow[];
  /** "2 addresses and 54 mail hosts"; empty where nothing was left out. */
  count: string;
}

/**
 * The addresses and mail hosts that a lookup leaves out (M65: they are not taken for good ones): one row for those of each
 * host and one for all further hosts, since a domain may name thousands.
 */
export function unlookedOf({
  mx,
  domainAddresses,
  mailHosts,
  smtp,
}: Pick<Facts, "mx" | "domainAddresses" | "mailHosts" | "smtp">): Unlooked {
  const perHost = mailHosts.map(({ name, addresses }) => {
    const spoken = new Set(smtp.filter(({ host }) => host === name).map(({ address }) => address));
    const all = new Set(addressesOf(addresses).addresses);
    return { name, count: [...all].filter((address) => !spoken.has(address)).length };
  });
  const mail = mailHostsOf(mx, domainAddresses);
  const looked = new Set(mailHosts.map(({ name }) => name));
  const [next, ...others] = mail.kind === "hosts" ? mail.hosts.filter(({ exchange }) => !looked.has(exchange)) : [];
  const ofHosts = perHost.filter(({ count }) => count > 0);
  const rows = ofHosts.map(({ name, count }) => {
    const which = `${counted(count, "more address", "more addresses")} of this host`;
    return rowAbout(name, `Not looked at: ${which}. Sealpost speaks with ${MAX_HOST_ADDRESSES} of each family.`);
  });
  if (next !== undefined) {
    const which = others.length === 0 ? "" : ` and ${counted(others.length, "other", "others")} after it`;
    rows.push(rowAbout(next.exchange, `Not looked at${which}: Sealpost speaks with ${MAX_MAIL_HOSTS} mail hosts.`));
  }
  const addresses = ofHosts.reduce((sum, { count }) => sum + count, 0);
  const hosts = next === undefined ? 0 : others.length + 1;
  const counts = [
    ...(addresses === 0 ? [] : [counted(addresses, "address", "addresses")]),
    ...(hosts === 0 ? [] : [counted(hosts, "mail host", "mail hosts")]),
  ];
  return { rows, count: counts.join(" and ") };
}

function rowAbout(mx: string, reason: string): OutcomeRow {
  return { mx, address: null, mtaSts: null, dane: null, opportunistic: null, reason };
}

function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}
