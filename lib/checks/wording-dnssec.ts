import type { WordTable } from "./words.ts";

/** Why a signature comes near its end. */
export const NOT_RENEWED =
  "Either the zone is no longer signed again, or some name server no longer gets it, or its signer leaves the renewal to the last days.";

export const SIGN_AGAIN =
  "Have the zone of {name} signed again now, and find out why it was not; if a provider signs it, ask there. Then let signatures be renewed a week before their end.";

/** Findings about DNSSEC for the domain and its mail hosts. */
export const DNSSEC_WORDS = {
  "dnssec-mx-secure": {
    status: "pass",
    title: "Where mail goes is signed",
    detail:
      "The answer for {type} at {subject} is signed, and {resolver} found its signatures right{=path}. Nobody on the way can lead mail to another host unnoticed by senders that validate.",
    fix: null,
    reference: "RFC 7672 §2.2.1",
  },
  "dnssec-mx-insecure": {
    status: "info",
    title: "The domain is not signed",
    detail:
      "The answer for {type} at {subject} is not signed with DNSSEC. Mail is not held up by this, but DANE cannot protect the domain: it needs signed answers. MTA-STS does not need them.",
    fix: "To use DANE, switch DNSSEC on where the zone of {subject} is hosted, and give the DS record to the registrar.",
    reference: "RFC 7672 §2.2.1",
  },
  "dnssec-partially-protected": {
    status: "info",
    title: "Mail hosts are signed, the domain is not",
    detail:
      "The mail hosts {half} have TLSA records in a signed zone, but the MX record of {subject} is not signed. Some senders honour those records all the same; somebody who forges the MX record leads mail past them.",
    fix: "Switch DNSSEC on where the zone of {subject} is hosted, and give the DS record to the registrar: then DANE protects the whole way.",
    reference: "RFC 7672 §2.2.1",
  },
  "dnssec-hosts-unsigned": {
    status: "info",
    title: "The domain is signed, mail hosts are not",
    detail:
      "The addresses of {unsigned} are in a zone without DNSSEC. DANE cannot protect mail to these hosts; senders do not even ask for their TLSA records.",
    fix: "Only who hosts these names can sign them. Ask there, or use mail hosts in a signed zone.",
    reference: "RFC 7672 §2.2.2",
  },
  "dnssec-aliases-unsigned": {
    status: "info",
    title: "Mail hosts are signed aliases of names without DNSSEC",
    detail:
      "In a signed zone {aliased} is an alias that leads into a zone without DNSSEC. Senders that honour DANE ask for TLSA records below the alias itself, and act on them. So an address that somebody forges is found out by the certificate, where there are such records.",
    fix: "The name in an MX record should be no alias: let the MX record name a host in a signed zone itself.",
    reference: "RFC 7672 §2.2.2",
  },
  "dnssec-mx-bogus": {
    status: "fail",
    title: "The signatures of the domain are wrong",
    detail:
      "The answer for {type} at {name} is there, but {resolver} rejects its DNSSEC signatures. Senders that validate, which all DANE senders and many large providers do, see no MX record: their mail waits and then comes back.",
    fix: "See with a DNSSEC debugger which step fails: signatures that have expired, or a DS record at the registrar that fits no key of the zone. Have the zone signed again, or the DS record corrected; if that takes long, have the DS record removed.",
    reference: "RFC 7672 §2.1.2",
  },
  "dnssec-host-bogus": {
    status: "fail",
    title: "The signatures of the mail host's addresses are wrong",
    detail:
      "The answers for {types} at {subject} are there, but {resolver} rejects their DNSSEC signatures. Senders that honour DANE then do without this host, whatever other addresses it has, and others that validate do not find it by these: their mail goes to another host, or waits and then comes back.",
    fix: "See with a DNSSEC debugger which step fails in the zone of {subject}: signatures that have expired, or a DS record that fits no key. Have the zone signed again, or the DS record corrected.",
    reference: "RFC 7672 §2.1.2",
  },
  "dnssec-host-servfail": {
    status: "fail",
    title: "The lookup of some of the mail host's addresses fails",
    detail:
      "The zone of {subject} is signed, and the question for {types} there is answered with an error. Senders that honour DANE then do without this host, whatever other addresses it has: their mail goes to another host, or waits and then comes back.",
    fix: "Ask each name server of the zone of {subject} for {types}. Usual causes: name servers that fail for addresses of one kind, and a wrong denial of those that do not exist.",
    reference: "RFC 7672 §2.1.2",
  },
  "dnssec-mx-signature-expires-soon": {
    status: "warn",
    title: "The signature over the MX records runs out soon",
    detail: `The signature over the answer for {type} at {name} {=end}. ${NOT_RENEWED} Without one that holds, senders that validate, which all DANE senders and many large providers do, see no MX record: their mail waits and then comes back.`,
    fix: SIGN_AGAIN,
    reference: "RFC 6781 §4.4.2",
  },
  "dnssec-host-signature-expires-soon": {
    status: "warn",
    title: "The signature over the mail host's addresses runs out soon",
    detail: `The signature over the answer for {type} at {name} {=end}. ${NOT_RENEWED} Without one that holds, this host does not exist for senders that validate: their mail goes to another one, or waits and then comes back.`,
    fix: SIGN_AGAIN,
    reference: "RFC 6781 §4.4.2",
  },
  "dnssec-resolver-distant": {
    status: "info",
    title: "The path to the resolver has to be trusted",
    detail:
      "That answers are signed rests on the word of {resolvers}, which is not on Sealpost's machine and is not asked by HTTPS. Whoever sits on the path between them can forge answers and that word. If the path is yours alone, as between containers of one machine, all is well.",
    fix: "Let Sealpost ask a resolver that validates on the same machine, such as unbound, or one by HTTPS (setting `SEALPOST_DNS`).",
    reference: "RFC 7672 §2.1.1",
  },
  "dnssec-resolver-not-validating": {
    status: "skipped",
    title: "The resolver does not validate DNSSEC",
    detail:
      "The resolver {resolver} does not validate: it vouches not even for names that are known to be signed, as the root of the DNS. So whether the answers for {subject} are signed was not seen; that is not the same as unsigned.",
    fix: "Let Sealpost ask a resolver that validates, best on the same machine, such as unbound (setting `SEALPOST_DNS`).",
    reference: "RFC 7672 §2.1.3",
  },
  "dnssec-resolver-unknown": {
    status: "skipped",
    title: "Whether the resolver validates DNSSEC is not known",
    detail:
      "The resolver {resolver} gave no answer about names that are known to be signed, as the root of the DNS. So nothing can be said about whether the answers for {subject} are signed.",
    fix: "Look again in a few minutes. If it stays so, let Sealpost ask a resolver that validates and knows the whole DNS (setting `SEALPOST_DNS`).",
    reference: "RFC 7672 §2.1.3",
  },
} as const satisfies WordTable;
