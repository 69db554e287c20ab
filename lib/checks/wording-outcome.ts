import type { WordTable } from "./words.ts";

/** What becomes of mail, over all mail hosts. */
export const OUTCOME_WORDS = {
  "outcome-protected": {
    status: "pass",
    title: "Mail is delivered encrypted, and senders that can check do",
    detail: "At every address of every mail host, all kinds of senders deliver over TLS.",
    fix: null,
    reference: "RFC 8461 §5",
  },
  "outcome-opportunistic": {
    status: "info",
    title: "Mail is delivered encrypted, but nothing demands it",
    detail:
      "At every address of every mail host, senders deliver over TLS. Whoever sits between them and the mail host can still take STARTTLS away and read along, since neither an MTA-STS policy in enforce nor DANE tells senders to insist.",
    fix: "Follow the steps from testing to enforce, or publish TLSA records in a signed zone.",
    reference: "RFC 8461 §1",
  },
  "outcome-part-unlooked": {
    status: "info",
    title: "Not every address was looked at; those that were are well",
    detail:
      "At every address that Sealpost looked at, senders deliver over TLS, {=demand}. Not looked at: {=unlooked}. Nothing is known about these.",
    fix: "Few domains need that many. Look at the others by hand, or take those out of the DNS that are not needed.",
    reference: "RFC 8461 §8.4",
  },
  "outcome-policy-differs": {
    status: "warn",
    title: "Only some senders find that they have to insist on encryption",
    detail:
      "At every address that Sealpost looked at, senders deliver over TLS. But at {serving} the policy host gives a policy in enforce, at {others} Sealpost got another one or none, and senders choose freely among the addresses: those that ask there do not insist on TLS.",
    fix: "Let every address of the policy host serve the same policy with a valid certificate, or take the others out of the DNS.",
    reference: "RFC 8461 §3.3",
  },
  "outcome-partially-protected": {
    status: "info",
    title: "Mail is delivered encrypted, and partially protected",
    detail:
      "Senders deliver over TLS, and the TLSA records of the mail hosts fit. But the MX record of {subject} is not signed: only some senders use those records all the same, and whoever forges the MX record leads mail past them. No MTA-STS policy is in enforce either.",
    fix: "Switch DNSSEC on where the zone of {subject} is hosted, and give the DS record to the registrar. Or follow the steps to an MTA-STS policy in enforce.",
    reference: "RFC 7672 §2.2.1",
  },
  "outcome-dane-unauthenticated": {
    status: "warn",
    title: "TLS is demanded, but nobody checks with whom",
    detail:
      "Senders deliver over TLS, and the TLSA records make those that honour DANE insist on it. But none of the records of {hosts} can be used to check who answers, and no MTA-STS policy is in enforce: whoever sits between them and the mail host can answer with a certificate of their own, and read along.",
    fix: "Publish a `3 1 1` record for the key of each mail host, and remove the others; the check `dane-match` gives the whole record. Or follow the steps to an MTA-STS policy in enforce.",
    reference: "RFC 7672 §2.2",
  },
  "outcome-no-mail": {
    status: "info",
    title: "No mail is accepted, so none has to be protected",
    detail: "A null MX says that no mail is accepted for {subject}.",
    fix: null,
    reference: "RFC 7505 §3",
  },
  "outcome-mail-stops": {
    status: "fail",
    title: "Mail stops for some senders",
    detail:
      "At no address that Sealpost looked at can these deliver: {=senders}. They keep their mail, try again for hours or days, and give it back in the end.",
    fix: "Mend the problems below, the most preferred mail host first. Until then, a policy in mode testing (with a new id) or without the TLSA records lets mail through again, unprotected.",
    reference: "RFC 8461 §5",
  },
  "outcome-unprotected": {
    status: "fail",
    title: "Mail is delivered in the clear",
    detail:
      "No address that Sealpost looked at completes STARTTLS, so whoever is on the way can read and change the mail to {subject}.",
    fix: "Switch STARTTLS on at the mail hosts, with a certificate that names them.",
    reference: "RFC 3207 §4",
  },
  "outcome-not-known": {
    status: "error",
    title: "What becomes of mail is not known for every address",
    detail: "At {hosts} Sealpost could not see what senders meet. That says nothing about the mail hosts yet.",
    fix: "See what is said about these addresses below; look again in a few minutes, or from a network that can reach port 25.",
    reference: null,
  },
  "outcome-some-defer": {
    status: "warn",
    title: "Some addresses take no mail from some senders",
    detail:
      "At {hosts} these cannot deliver: {=senders}. They go on to the next address or mail host, so mail is delayed, and stops when the others are down.",
    fix: "Mend the problems of these addresses below.",
    reference: "RFC 8461 §8.4",
  },
  "outcome-dane-combination": {
    status: "warn",
    title: "Some senders with DANE may keep their mail back",
    detail:
      "Senders deliver over TLS, but one kind of the TLSA records of {hosts} fits nothing that is served. Those that know only that kind find no match, and keep their mail.",
    fix: "Remove the records of that kind, or publish those that fit; the check `dane-match` names them.",
    reference: "RFC 7671 §8",
  },
  "outcome-some-unprotected": {
    status: "warn",
    title: "Some addresses take mail in the clear",
    detail: "At {hosts} senders that demand nothing deliver without TLS, though other addresses offer it.",
    fix: "Switch STARTTLS on at these addresses, or take them out of the DNS.",
    reference: "RFC 3207 §4",
  },
} as const satisfies WordTable;
