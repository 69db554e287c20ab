import { NOT_RENEWED, SIGN_AGAIN } from "./wording-dnssec.ts";
import type { WordTable } from "./words.ts";

const KEPT_BACK =
  "Senders that honour DANE may not deliver without knowing: they keep mail for this host back, try another host if there is one, and return the mail after some days. Others notice nothing.";
const NO_EFFECT = "Mail is not held up by this.";
const PUBLISH =
  "Publish `3 1 1` with the SHA-256 digest of the host's public key (the check `dane-match` gives the whole record where the host was reached)";

/** Findings about the TLSA records of mail hosts. */
export const DANE_RECORD_WORDS = {
  "dane-records-usable": {
    status: "pass",
    title: "TLSA records are signed and usable",
    detail:
      "At {name} stand {records}, vouched for by {resolver}{=path}. Senders that honour DANE{=note} deliver to {subject} only over TLS, and only to a server that these records fit.",
    fix: null,
    reference: "RFC 7672 §2.2.3",
  },
  "dane-records-none": {
    status: "info",
    title: "No TLSA records",
    detail:
      "No mail host of {subject} has TLSA records, so DANE does not protect mail to it. That is no fault: MTA-STS protects against the same attacks, for senders that honour it.",
    fix: "To use DANE, sign the zones of the domain and of its mail hosts with DNSSEC first. Then publish TLSA records at `_25._tcp` below the name of each mail host.",
    reference: "RFC 7672 §2.2.3",
  },
  "dane-records-partial": {
    status: "warn",
    title: "Only some mail hosts have TLSA records that count",
    detail:
      "For {hosts} senders find no signed TLSA records, and so deliver there without DANE. Somebody who wants to read the mail only has to keep senders from the other hosts; they then come to this one.",
    fix: "Publish TLSA records for every mail host of the domain, each in a signed zone, or remove the hosts that cannot have them from the MX records.",
    reference: "RFC 7672 §2.2.1",
  },
  "dane-records-unsigned": {
    status: "warn",
    title: "TLSA records without DNSSEC have no effect",
    detail: `At {name} stand {records}, but the answer is not signed. Senders ignore such records, and most do not even ask for them. ${NO_EFFECT}`,
    fix: "Switch DNSSEC on for the zone of {subject} and give its DS record to the registrar; or remove the records. Before signing, see that they fit the host's present key, for from then on they count.",
    reference: "RFC 7672 §2.2.3",
  },
  "dane-records-addresses-unsigned": {
    status: "warn",
    title: "TLSA records of a host without signed addresses have no effect",
    detail: `At {name} stand {records}, and are signed, but the addresses of {subject} are not. Senders that honour DANE then do not ask for TLSA records. ${NO_EFFECT}`,
    fix: "Have the zone in which {subject} has its addresses signed with DNSSEC; or remove the records. Before signing, see that they fit the host's present key, for from then on they count.",
    reference: "RFC 7672 §2.2.2",
  },
  "dane-records-unvalidated": {
    status: "error",
    title: "Whether the TLSA records are signed is not known",
    detail:
      "There are TLSA records at {name}, but the resolver {resolver} does not validate DNSSEC, or is not known to. Whether senders honour the records was not seen.",
    fix: "Let Sealpost ask a resolver that validates, best on the same machine, such as unbound (setting `SEALPOST_DNS`).",
    reference: "RFC 7672 §2.1.3",
  },
  "dane-records-bogus": {
    status: "fail",
    title: "The answer about TLSA records has wrong signatures",
    detail: `The question for {type} at {name} is answered, but {resolver} rejects the DNSSEC signatures of the answer. ${KEPT_BACK} This holds even if there are no TLSA records: then it is the signed proof of that which is wrong.`,
    fix: "Ask with and without validation (`dig +cd`), and see with a DNSSEC debugger what is wrong at this name. Where other names of the zone are fine, the name servers deny names wrongly that do not exist: update them, or sign the zone again.",
    reference: "RFC 7672 §2.1.2",
  },
  "dane-records-servfail": {
    status: "fail",
    title: "The question for TLSA records fails",
    detail: `The addresses of the host are signed, but the question for {type} at {name} is answered with SERVFAIL. ${KEPT_BACK}`,
    fix: "Ask each name server of the zone for {type} at {name}. Usual causes: name servers or firewalls that drop questions for types that they do not know, and a wrong denial of names that do not exist.",
    reference: "RFC 7672 §2.1.2",
  },
  "dane-records-failing-unasked": {
    status: "warn",
    title: "The question for TLSA records fails",
    detail: `The question for {type} at {name} is answered with SERVFAIL. The addresses of the host are not signed, so senders that keep to the rules do not ask it. ${NO_EFFECT} Once the zone is signed, DANE senders would keep their mail back.`,
    fix: "Ask each name server of the zone for {type} at {name}. Usual cause: name servers or firewalls that drop questions for types that they do not know.",
    reference: "RFC 7672 §2.2.2",
  },
  "dane-records-pkix-only": {
    status: "fail",
    title: "Only TLSA records that are not for mail",
    detail:
      "The records {records} have {usages}. These usages rest on public authorities and are not for port 25: what senders make of them is not defined. Microsoft counts them as unusable, as the RFC allows: then senders insist on TLS, but cannot check who answers. An attacker with any certificate can read the mail.",
    fix: `${PUBLISH}, and remove the others.`,
    reference: "RFC 7672 §3.1.3",
  },
  "dane-records-pkix-beside": {
    status: "warn",
    title: "TLSA records that are not for mail stand beside usable ones",
    detail:
      "The records {records} have {usages}. These usages are not for port 25, and what senders make of them is not defined; most ignore them beside the others.",
    fix: "Remove these records.",
    reference: "RFC 7672 §3.1.3",
  },
  "dane-records-unusable": {
    status: "warn",
    title: "Some TLSA records cannot be used",
    detail: "The records {records} have {=faults}. Senders ignore them.",
    fix: `Remove these records. If they were meant for a key in use: ${PUBLISH.charAt(0).toLowerCase()}${PUBLISH.slice(1)}.`,
    reference: "RFC 7671 §9",
  },
  "dane-records-all-unusable": {
    status: "warn",
    title: "None of the TLSA records can be used",
    detail:
      "The records {records} have {=faults}. Senders that honour DANE then insist on TLS, but cannot check who answers: an attacker with any certificate can read the mail.",
    fix: `${PUBLISH}, and remove the others.`,
    reference: "RFC 7672 §2.2",
  },
  "dane-records-full": {
    status: "warn",
    title: "TLSA records hold whole certificates or keys",
    detail:
      "The records {records} are of matching type 0. They make the answer large, so that some networks lose it, and not every sender can use them.",
    fix: `${PUBLISH}, and remove the others once it has spread.`,
    reference: "RFC 7671 §10.1.2",
  },
  "dane-records-only-sha512": {
    status: "warn",
    title: "TLSA records with SHA-512 only",
    detail:
      "The digests of {records} are SHA-512. Senders have to know SHA-256 only, so for some there is none to use.",
    fix: `${PUBLISH}, beside these or in their place.`,
    reference: "RFC 6698 §6",
  },
  "dane-records-ttl-long": {
    status: "warn",
    title: "TLSA records may be kept for long",
    detail:
      "The TTL is {=ttl} seconds, more than a day. So long senders may hold an old record after a key had to be changed in haste, and keep their mail back.",
    fix: "Set the TTL of the TLSA records to an hour or a few.",
    reference: "RFC 7671 §13",
  },
  "dane-records-signature-expires-soon": {
    status: "warn",
    title: "The signature over the TLSA records runs out soon",
    detail: `The signature over the answer for {type} at {name} {=end}. ${NOT_RENEWED} Without one that holds, the answer counts as forged. ${KEPT_BACK}`,
    fix: SIGN_AGAIN,
    reference: "RFC 6781 §4.4.2",
  },
  "dane-records-large": {
    status: "warn",
    title: "The answer with the TLSA records is large",
    detail:
      "The {=count} records take {=octets} octets without their signatures. Such an answer does not fit into one packet; where large packets or TCP are blocked, senders get none and keep their mail back.",
    fix: "Remove records of keys that are no longer in use, and those of matching type 0. Two records for each key in use or to come are plenty.",
    reference: "RFC 7671 §10.1.1",
  },
  "dane-records-unusual": {
    status: "info",
    title: "TLSA records with other parameters than recommended",
    detail:
      "The records have the parameters {unusual}. They work; `3 1 1` is recommended for a host's own key (it outlives a renewal that keeps the key), and `2 0 1` for an authority.",
    fix: `${PUBLISH} at the next change of keys.`,
    reference: "RFC 7671 §5.1",
  },
  "dane-records-alias": {
    status: "info",
    title: "The alias decides which TLSA records count",
    detail:
      "The name leads from one to the next: {aliases}. The TLSA records that count are those below {base}. Senders look below the last name first, if all aliases are signed, and then below the first.",
    fix: "The name in an MX record should be no alias: let the MX record name the host itself.",
    reference: "RFC 7672 §2.2.3",
  },
} as const satisfies WordTable;
