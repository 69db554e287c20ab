import type { WordTable } from "./words.ts";

/** Findings about where the mail of the domain goes. */
export const MX_WORDS = {
  "mx-present": {
    status: "pass",
    title: "Mail hosts are in place",
    detail: "Mail for {subject} goes to {hosts}, the most preferred first.",
    fix: null,
    reference: "RFC 5321 §5.1",
  },
  "mx-null": {
    status: "info",
    title: "The domain accepts no mail",
    detail:
      "A null MX says that no mail is accepted for {subject}. There is then nothing for MTA-STS or TLS reports to protect.",
    fix: null,
    reference: "RFC 7505 §3",
  },
  "mx-null-with-others": {
    status: "warn",
    title: "A null MX stands beside other MX records",
    detail:
      "The null MX says that no mail is accepted, the others ({hosts}) say where it goes. Senders differ in which they believe: some refuse all mail for {subject}.",
    fix: "Remove the record `MX 0 .`, or all others if the domain accepts no mail.",
    reference: "RFC 7505 §3",
  },
  "mx-implicit": {
    status: "info",
    title: "No MX record: mail goes to the domain's own address",
    detail:
      "There is no MX record, so senders deliver to {subject} itself ({addresses}). That is allowed. An MTA-STS policy then has to name {subject} in an mx line.",
    fix: "Publish an MX record that names the mail host, so that it is no guess. If the domain accepts no mail, publish the null MX: `MX 0 .`",
    reference: "RFC 5321 §5.1",
  },
  "mx-no-mail-host": {
    status: "fail",
    title: "No mail host",
    detail:
      "The name {subject} exists, but it has neither an MX record nor an address: mail for it cannot be delivered.",
    fix: "Publish an MX record that names the mail host. If the domain accepts no mail, say so with the null MX: `MX 0 .`",
    reference: "RFC 5321 §5.1",
  },
  "mx-domain-not-found": {
    status: "fail",
    title: "The domain does not exist in the DNS",
    detail: "The DNS answers that there is no name {subject}: mail for it cannot be delivered.",
    fix: "Check the spelling, and whether the domain is registered and delegated to its name servers.",
    reference: "RFC 5321 §5.1",
  },
  "mx-address-literal": {
    status: "fail",
    title: "An MX record holds an IP address instead of a name",
    detail:
      "{hosts} in the MX records is an address. An MX record holds a host name, so senders look for a host of that name and find none. No certificate or mx line can cover it either.",
    fix: "Give the mail host a name with A and AAAA records, and put that name into the MX record.",
    reference: "RFC 5321 §5.1",
  },
  "mx-local-name": {
    status: "fail",
    title: "An MX record names a host that only exists locally",
    detail:
      "{hosts} in the MX records has no meaning on the public internet: a sender ends at its own machine or finds nothing.",
    fix: "Put the full public name of the mail host into the MX record, for example `mx1.{=domain}`.",
    reference: "RFC 6761 §6.3",
  },
  "mx-host-name-invalid": {
    status: "warn",
    title: "An MX record names a host that is no valid host name",
    detail:
      "{hosts} in the MX records has characters that a host name may not have. Some senders refuse it, and no public authority issues a certificate for it.",
    fix: "Rename the mail host so that its name has letters, digits, hyphens and dots only.",
    reference: "RFC 5321 §4.1.2",
  },
} as const satisfies WordTable;
