import type { WordTable } from "./words.ts";

const KEPT_BACK =
  "Senders that honour DANE{=note} keep mail for this address back, try another host if there is one, and return the mail after some days. Others deliver.";
const ADD = "Publish {publish} beside the present records, and remove those when twice their TTL has passed";
const OTHERWISE =
  "Publish a `3 1 1` record for the key that the host uses, beside the present ones, and remove those when twice their TTL has passed.";

/** Findings about how TLSA records fit the certificates that are served. */
export const DANE_MATCH_WORDS = {
  "dane-match-fits": {
    status: "pass",
    title: "The TLSA records fit the certificate",
    detail:
      "{record} fits {=place} ({certificate}), and each kind of record that is published fits. Senders that honour DANE{=note} deliver.",
    fix: null,
    reference: "RFC 7672 §3.1",
  },
  "dane-match-not-applicable": {
    status: "info",
    title: "No TLSA records that count, so nothing to compare",
    detail:
      "No mail host of {subject} has both signed addresses and signed TLSA records, so senders do not compare certificates with any.",
    fix: null,
    reference: "RFC 7672 §2.2.3",
  },
  "dane-match-tls-only": {
    status: "info",
    title: "TLS is there, and no usable record to compare with",
    detail:
      "None of the TLSA records can be used. Senders that honour DANE{=note} deliver over TLS, and do not check who answers.",
    fix: "Publish {publish} to have them check it.",
    otherwise: "Publish a `3 1 1` record for the key that the host uses, to have them check it.",
    reference: "RFC 7672 §2.2",
  },
  "dane-match-pkix-only": {
    status: "info",
    title: "TLS is there, and the TLSA records are not for mail",
    detail:
      "The TLSA records have usages that are not for port 25, and what senders make of them is not defined. Microsoft counts them as unusable, as the RFC allows: senders that honour DANE{=note} then deliver over TLS, and do not check who answers.",
    fix: "Publish {publish} to have them check it, and remove the others.",
    otherwise: "Publish a `3 1 1` record for the key that the host uses, to have them check it, and remove the others.",
    reference: "RFC 7672 §3.1.3",
  },
  "dane-match-rollover": {
    status: "info",
    title: "A TLSA record stands for a key that is not served here",
    detail:
      "{idle} fits nothing that this address serves, and others do fit. That is right for a key or an authority that is to come, and for a while after a change; senders are content.",
    fix: "If it is for a key or an authority that is no longer in use, remove it when twice the TTL has passed since the change.",
    reference: "RFC 7672 §4",
  },
  "dane-match-recommended": {
    status: "info",
    title: "The recommended TLSA record for the served key",
    detail:
      "The records have the parameters {combinations}, and fit. The recommended form for this host's key would be {publish}.",
    fix: null,
    reference: "RFC 7671 §5.1",
  },
  "dane-match-combination": {
    status: "fail",
    title: "One kind of TLSA record fits nothing that is served",
    detail:
      "{met} fits, but no record with the parameters {combinations} does. A sender that knows only these, or prefers them, finds no match and keeps its mail back. For each kind that is published, one record has to fit.",
    fix: "Remove the records with the parameters {combinations}, or publish those that fit the chain in use as well.",
    reference: "RFC 7671 §8",
  },
  "dane-match-stronger-digest": {
    status: "fail",
    title: "Only the weaker digest fits",
    detail: `{weaker} fits, but beside it stands {stronger} for the same usage and selector. Senders look at the strongest digest alone, and that does not fit. ${KEPT_BACK}`,
    fix: "Remove {stronger}, or publish the stronger digest of the key in use as well.",
    reference: "RFC 7671 §9",
  },
  "dane-match-none": {
    status: "fail",
    title: "No TLSA record fits the certificate",
    detail: `At {name} stand {records}. The server has {subjectOfLeaf}, which none of them fits: most often the certificate was renewed with a new key, and the record was not. ${KEPT_BACK}`,
    fix: `If the old key is still there, put it back: that helps at once. ${ADD}. From then on keep the key at renewals, or publish the next record before its key is used.`,
    otherwise: OTHERWISE,
    reference: "RFC 7672 §4",
  },
  "dane-match-bare-key": {
    status: "fail",
    title: "The authority of the TLSA record is not sent, only its key",
    detail:
      "{record} holds the key of the authority that issued the certificate, but the server does not send the certificate of that authority, as it has to. Some senders can do with the key alone. Others that honour DANE{=note} keep mail for this address back, try another host if there is one, and return the mail after some days.",
    fix: `Let the server send the certificate of the authority at the end of its chain, also if it is the root. Or: ${ADD.charAt(0).toLowerCase()}${ADD.slice(1)}.`,
    otherwise: "Let the server send the certificate of the authority at the end of its chain, also if it is the root.",
    reference: "RFC 7671 §5.2.3",
  },
  "dane-match-anchor-not-sent": {
    status: "fail",
    title: "The authority of the TLSA record is not sent",
    detail: `{record} is of usage 2: it stands for an authority, and fits no certificate that is sent. The chain ends before its root, which {issuer} would be; if the record is for that one, it is missing. Senders look only at what the server sends. ${KEPT_BACK}`,
    fix: `Let the server send the certificate of the authority at the end of its chain, also if it is the root. Or: ${ADD.charAt(0).toLowerCase()}${ADD.slice(1)}.`,
    otherwise: "Let the server send the certificate of the authority at the end of its chain, also if it is the root.",
    reference: "RFC 7671 §5.2.2",
  },
  "dane-match-leaf-as-anchor": {
    status: "fail",
    title: "Usage 2 stands where usage 3 is meant",
    detail: `{record} holds the certificate or key of the server itself, but its usage says that it is an authority. Senders look for it among the issuers only. ${KEPT_BACK}`,
    fix: `${ADD}.`,
    otherwise: OTHERWISE,
    reference: "RFC 7671 §5.2",
  },
  "dane-match-not-issued": {
    status: "fail",
    title: "The authority of the TLSA record did not issue the certificate",
    detail: `{record} fits {certificate}, which is sent, but no signatures lead from {subjectOfLeaf} to it. ${KEPT_BACK}`,
    fix: `Install the chain that belongs to the certificate in use, or publish a record for the authority that issued it. Or: ${ADD.charAt(0).toLowerCase()}${ADD.slice(1)}.`,
    otherwise: OTHERWISE,
    reference: "RFC 7671 §5.2",
  },
  "dane-match-expired": {
    status: "fail",
    title: "A certificate on the way to the authority has expired",
    detail: `{record} is of usage 2, where dates count: {certificate} was valid until {=until}. ${KEPT_BACK}`,
    fix: "Renew the certificate and reload the mail server. Then find out why the automatic renewal did not run. (With usage 3 dates would not count.)",
    reference: "RFC 7671 §5.2",
  },
  "dane-match-not-yet-valid": {
    status: "fail",
    title: "A certificate on the way to the authority is not valid yet",
    detail: `{record} is of usage 2, where dates count: {certificate} is valid from {=from}. ${KEPT_BACK}`,
    fix: "Put the earlier certificate back until then, or have one issued that is valid now.",
    reference: "RFC 7671 §5.2",
  },
  "dane-match-chain-unusable": {
    status: "fail",
    title: "A certificate on the way to the authority may not be used so",
    detail: `{record} is of usage 2, where the chain counts: {certificate} is not marked as an authority, or not for TLS servers. ${KEPT_BACK}`,
    fix: `Have the certificate issued anew, with the extensions that its part needs. Or: ${ADD.charAt(0).toLowerCase()}${ADD.slice(1)}.`,
    otherwise: "Have the certificate issued anew, with the extensions that its part needs.",
    reference: "RFC 7671 §5.2",
  },
  "dane-match-name": {
    status: "fail",
    title: "The certificate has none of the names that DANE demands",
    detail: `{record} is of usage 2 and fits, but then the certificate has to be for {names} (one is enough), and it is for {dnsNames}. ${KEPT_BACK}`,
    fix: `Have a certificate issued that names {base}. Or use a record of usage 3, with which names do not count: ${ADD.charAt(0).toLowerCase()}${ADD.slice(1)}.`,
    otherwise: "Have a certificate issued that names {base}.",
    reference: "RFC 7672 §3.2.2",
  },
  "dane-match-no-starttls": {
    status: "fail",
    title: "TLSA records stand for a host without STARTTLS",
    detail: `At {name} stand TLSA records, which say that mail comes over TLS only, but this address does not offer STARTTLS. ${KEPT_BACK}`,
    fix: "Switch TLS on at this address. Until then, remove the TLSA records of the host.",
    reference: "RFC 7672 §9.2",
  },
  "dane-match-tls-fails": {
    status: "fail",
    title: "TLSA records demand TLS, and TLS fails",
    detail: `At {name} stand TLSA records, which say that mail comes over TLS only. This address offers STARTTLS, but it does not come to TLS ({error}). ${KEPT_BACK}`,
    fix: "Mend TLS at this address; the check `starttls` says more. Until then, remove the TLSA records of the host.",
    reference: "RFC 7672 §9.2",
  },
  "dane-match-base-refused": {
    status: "fail",
    title: "TLS fails for the name that senders with DANE say",
    detail: `{host} is an alias of {base}. The TLSA records stand there, so senders that honour DANE say {base} in the handshake (SNI). For that name it fails ({error}); for {host} it succeeds. ${KEPT_BACK}`,
    fix: "Let the mail server answer with its default certificate for any name that it does not know, or have one for {base} too. Or let the MX record name {base} itself.",
    reference: "RFC 7672 §8.1",
  },
  "dane-match-base-other": {
    status: "fail",
    title: "Senders with DANE get a certificate that no TLSA record fits",
    detail: `{host} is an alias of {base}. The TLSA records stand there, so senders that honour DANE say {base} in the handshake (SNI), and the server chooses the certificate by that name. For {base} it has {subjectOfLeaf}, which none of {records} fits; what it has for {host} would fit. ${KEPT_BACK}`,
    fix: `Let the server have the same certificate for {base} as for {host}. Or: ${ADD.charAt(0).toLowerCase()}${ADD.slice(1)}.`,
    otherwise: "Let the server have the same certificate for {base} as for {host}.",
    reference: "RFC 7672 §8.1",
  },
  "dane-match-base-unseen": {
    status: "error",
    title: "Not compared: what senders with DANE get was not seen",
    detail:
      "{host} is an alias of {base}. The TLSA records stand there, so senders that honour DANE say {base} in the handshake (SNI). Sealpost could not do the same ({error}), so what comes then is not known.",
    fix: "Look again in a few minutes: a host that takes no further connection now may take one then.",
    reference: null,
  },
  "dane-match-no-certificate": {
    status: "fail",
    title: "TLS without a certificate, so nothing fits the TLSA records",
    detail: `At {name} stand {records}, but this address comes to TLS without a certificate. ${KEPT_BACK}`,
    fix: "Give the mail server a certificate, and a TLSA record for its key.",
    reference: "RFC 7672 §8.2",
  },
  "dane-match-unreadable": {
    status: "error",
    title: "The certificate could not be read",
    detail:
      "The server sent a certificate that Sealpost cannot read, so it could not be compared with {records}. Senders may or may not be able to.",
    fix: "Have the certificate issued anew with a usual kind of key.",
    reference: null,
  },
  "dane-match-not-reached": {
    status: "error",
    title: "Not compared: the address was not reached",
    detail:
      "At {name} stand {records}, but there was no TLS with this address ({error}), so what it serves was not seen.",
    fix: "See the check `starttls` for what kept Sealpost from this address, and look again.",
    reference: null,
  },
  "dane-match-unvalidated": {
    status: "error",
    title: "Not compared: nobody vouches for the TLSA records",
    detail:
      "The resolver {resolver} does not validate DNSSEC, or is not known to, so whether senders honour the TLSA records of {subject} is not known.",
    fix: "Let Sealpost ask a resolver that validates, best on the same machine, such as unbound (setting `SEALPOST_DNS`).",
    reference: "RFC 7672 §2.1.3",
  },
} as const satisfies WordTable;
