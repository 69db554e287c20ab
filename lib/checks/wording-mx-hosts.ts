import type { WordTable } from "./words.ts";

const REFERENCE = "RFC 5321 §5.1";

/** Findings about the addresses of the mail hosts. */
export const MX_HOST_WORDS = {
  "mx-address-found": {
    status: "pass",
    title: "The mail host has an address",
    detail: "{subject} leads to {addresses} ({=families}).",
    fix: null,
    reference: REFERENCE,
  },
  "mx-address-missing": {
    status: "fail",
    title: "The mail host has no address",
    detail:
      "The MX record with preference {=preference} names {subject}, but there is neither an A nor an AAAA record at that name. Senders pass it over; where all mail hosts are like that, mail waits in their queues and is returned after some days.",
    fix: "Publish the A and AAAA records of {subject}, or remove the MX record if the host is gone. A slip in the name, or a missing dot in a zone file that appends the zone to it, is the usual cause.",
    reference: REFERENCE,
  },
  "mx-address-alias": {
    status: "warn",
    title: "The mail host is an alias",
    detail:
      "{subject} is a CNAME that leads to {chain}. The name in an MX record may not be an alias: most senders follow it, some refuse, and under DANE it decides which TLSA records count. A certificate still has to name {subject}.",
    fix: "Let {subject} have A and AAAA records of its own, or name the end of the alias in the MX record; then the mx lines of the MTA-STS policy and the certificate have to name that host.",
    reference: "RFC 2181 §10.3",
  },
  "mx-address-alias-dangling": {
    status: "fail",
    title: "The alias of the mail host leads nowhere",
    detail:
      "{subject} is a CNAME, but at its end ({chain}) there is no address, so mail cannot be delivered to this host. Whoever gets hold of the target receives the mail.",
    fix: "Give {subject} A and AAAA records of its own, or remove the MX record with that name.",
    reference: "RFC 2181 §10.3",
  },
  "mx-address-ipv6-only": {
    status: "warn",
    title: "The mail host is reachable over IPv6 only",
    detail:
      "{subject} has {addresses} and no IPv4 address, and neither has any other mail host of the domain. Many senders have no IPv6, and their mail does not arrive.",
    fix: "Publish an A record for {subject}, or add a mail host with an IPv4 address.",
    reference: "RFC 5321 §5.2",
  },
  "mx-address-backed-by-ipv4": {
    status: "info",
    title: "The mail host is reachable over IPv6 only",
    detail: "{subject} has {addresses} and no IPv4 address. Senders without IPv6 use another mail host of the domain.",
    fix: null,
    reference: "RFC 5321 §5.2",
  },
  "mx-address-hosts-unlooked": {
    status: "info",
    title: "Not all mail hosts were looked at",
    detail: "The domain names {=count} mail hosts; Sealpost looks at the {=looked} most preferred.",
    fix: "Name fewer mail hosts: a sender tries a few of them at most.",
    reference: REFERENCE,
  },
} as const satisfies WordTable;
