import { recordWords } from "./wording-record.ts";
import { TLS_RPT_WEB_WORDS } from "./wording-tls-rpt-web.ts";
import type { WordTable } from "./words.ts";

const REFERENCE = "RFC 8460 §3";
const LOST = "Senders then send no TLS reports, and failures stay unseen.";
const PUBLISH = "Publish exactly one such TXT record at {name}: {publish}{=hint}";
const UNUSED = "Senders cannot use this destination.";

/** Findings about the TXT record at `_smtp._tls`. */
export const TLS_RPT_RECORD_WORDS = {
  ...recordWords("tls-rpt-record", { what: "TLS-RPT record", version: "v=TLSRPTv1", reference: REFERENCE, lost: LOST }),
  "tls-rpt-record-valid": {
    status: "pass",
    title: "The TLS-RPT record is valid",
    detail: "Senders find {record}.",
    fix: null,
    reference: REFERENCE,
  },
  "tls-rpt-record-cname": {
    status: "info",
    title: "The TLS-RPT record stands at another name",
    detail: "The name {name} is an alias: {chain}. Whoever keeps that zone decides where the reports go.",
    fix: null,
    reference: REFERENCE,
  },
  "tls-rpt-record-cname-dangling": {
    status: "fail",
    title: "The alias of the TLS-RPT record leads nowhere",
    detail: `The name {name} is an alias, but at its end ({chain}) there is no TXT record. ${LOST}`,
    fix: "Ask the provider of the target for the right name, or remove the CNAME and publish the TXT record at {name} itself.",
    reference: REFERENCE,
  },
  "tls-rpt-record-wrong-label-order": {
    status: "fail",
    title: "The TLS-RPT record stands at a name with its labels swapped",
    detail: `A TLS-RPT record stands at {mistaken}, where no sender looks. ${LOST}`,
    fix: "Move it to {name}: {publish}",
    reference: REFERENCE,
  },
  "tls-rpt-record-draft-name": {
    status: "fail",
    title: "The TLS-RPT record stands at the name of an old draft",
    detail: `A TLS-RPT record stands at {mistaken}. An early draft used that name; today no sender looks there. ${LOST}`,
    fix: "Move it to {name}: {publish}",
    reference: REFERENCE,
  },
  "tls-rpt-record-ttl-short": {
    status: "warn",
    title: "The TLS-RPT record has a short TTL",
    detail:
      "The TTL is {=ttl} seconds. A longer one makes it harder to suppress the record, and with it the reports about an attack.",
    fix: "Set a TTL of 3600 seconds (an hour) or more.",
    reference: "RFC 8460 §7",
  },
  "tls-rpt-record-ttl-unsure": {
    status: "info",
    title: "The TTL of the TLS-RPT record may be short",
    detail:
      "The resolver gave the record a TTL of {=ttl} seconds. Most often that is what is left of a longer one, since resolvers count down while they keep an answer; if it is the published one, the record is easier to suppress than need be.",
    fix: "See that the zone has a TTL of 3600 seconds (an hour) or more for {name}.",
    reference: "RFC 8460 §7",
  },
  "tls-rpt-record-postfix": {
    status: "warn",
    title: "Postfix servers cannot use the record",
    detail:
      "The RFC allows how it is written, but the reporter of many Postfix servers reads only what stands right behind an exact `v=TLSRPTv1;`. Here {=why}, so these servers send no reports.",
    fix: "Put rua right behind the version, and no blank before the semicolon: {publish}",
    reference: REFERENCE,
  },
  "tls-rpt-record-rua-missing": {
    status: "fail",
    title: "The record names no destination",
    detail: `The field rua is missing. ${LOST}`,
    fix: PUBLISH,
    reference: REFERENCE,
  },
  "tls-rpt-record-rua-case": {
    status: "fail",
    title: "The name of the field rua is not in lower case",
    detail: `In {found} the name has to be \`rua\`; as it is, senders find no destination. ${LOST}`,
    fix: PUBLISH,
    reference: REFERENCE,
  },
  "tls-rpt-record-rua-unusable": {
    status: "fail",
    title: "The record names no destination that senders can use",
    detail: `In {record} nothing stands behind \`rua=\` that a report could be sent to by \`mailto:\` or \`https:\`. ${LOST}`,
    fix: PUBLISH,
    reference: REFERENCE,
  },
  "tls-rpt-record-rua-empty": {
    status: "fail",
    title: "The field rua is empty",
    detail: `The record names no destination. ${LOST}`,
    fix: PUBLISH,
    reference: REFERENCE,
  },
} as const satisfies WordTable;

/** Findings about the destinations that the record names. */
export const TLS_RPT_DESTINATION_WORDS = {
  "tls-rpt-destinations-valid": {
    status: "pass",
    title: "The reports have a destination",
    detail: "Reports go to {destinations}.",
    fix: null,
    reference: REFERENCE,
  },
  "tls-rpt-destination-empty": {
    status: "warn",
    title: "A comma too many in the list of destinations",
    detail:
      "In {found} nothing stands before or behind a comma. That is outside the grammar: many senders skip it, a strict one discards the record.",
    fix: "Remove the comma: {publish}",
    otherwise: "Remove the comma.",
    reference: REFERENCE,
  },
  "tls-rpt-destination-no-scheme": {
    status: "fail",
    title: "A destination has no mailto: or https:",
    detail: `{found} is no URI. Each destination begins with \`mailto:\` or \`https:\`, the second and later ones too. ${UNUSED}`,
    fix: "Write {meant}.",
    otherwise: "Put `mailto:` before an address, or `https://` before a host.",
    reference: REFERENCE,
  },
  "tls-rpt-destination-http": {
    status: "fail",
    title: "A destination uses http: without TLS",
    detail: `{found} begins with \`http:\`. Reports go by \`mailto:\` or \`https:\` only. ${UNUSED}`,
    fix: "Write {meant}, if the receiver offers it.",
    reference: REFERENCE,
  },
  "tls-rpt-destination-scheme": {
    status: "fail",
    title: "A destination uses a scheme that does not exist here",
    detail: `{found} is neither \`mailto:\` nor \`https:\`. ${UNUSED}`,
    fix: "Use `mailto:` and an address, or `https://` and a URL.",
    reference: REFERENCE,
  },
  "tls-rpt-destination-size-suffix": {
    status: "fail",
    title: "A destination has a size limit as in DMARC",
    detail: `{found} ends with a size limit. DMARC once had that; TLS-RPT has not, and \`!\` is not allowed in a destination. ${UNUSED}`,
    fix: "Write {meant}.",
    reference: REFERENCE,
  },
  "tls-rpt-destination-unencoded": {
    status: "fail",
    title: "A destination has an exclamation mark",
    detail: `In {found} the \`!\` has to be written \`%21\`. ${UNUSED}`,
    fix: "Write {meant}.",
    reference: REFERENCE,
  },
  "tls-rpt-destination-semicolon": {
    status: "fail",
    title: "A semicolon stands between the destinations",
    detail:
      "The semicolon ends the list, so {found} is lost, and a strict sender discards the whole record. Destinations are separated by commas.",
    fix: "Publish: {publish}",
    otherwise: "Write a comma in the place of the semicolon.",
    reference: REFERENCE,
  },
  "tls-rpt-destination-mailto-slashes": {
    status: "fail",
    title: "A mail destination has two slashes",
    detail: `In {found} the slashes make a host of the address. ${UNUSED}`,
    fix: "Write {meant}.",
    reference: "RFC 6068 §2",
  },
  "tls-rpt-destination-address": {
    status: "fail",
    title: "A mail destination has no valid address",
    detail: `Behind \`mailto:\` in {found} no mail address stands that could be delivered to. ${UNUSED}`,
    fix: "Write `mailto:` and one full address, for example `mailto:tls-reports@{=domain}`.",
    reference: "RFC 6068 §2",
  },
  "tls-rpt-destination-host": {
    status: "fail",
    title: "A web destination has no valid host",
    detail: `In {found} no host name stands behind \`https://\`, or its port is wrong. ${UNUSED}`,
    fix: "Write the full URL, beginning with `https://` and a host name.",
    reference: REFERENCE,
  },
  "tls-rpt-destination-invalid": {
    status: "fail",
    title: "A destination has characters that are not allowed",
    detail: `{found} has a blank, a bracket, a quotation mark or a stray percent sign. ${UNUSED}`,
    fix: "Write a plain URI. Characters that it may not have are percent-encoded, for example `%2C` for a comma.",
    reference: "RFC 3986 §2",
  },
  "tls-rpt-destination-several": {
    status: "warn",
    title: "More than one destination",
    detail: "The record names {destinations}. A sender may use one of them only; Microsoft uses the first ({first}).",
    fix: "Put the destination that matters most first, or name one that passes the reports on.",
    reference: REFERENCE,
  },
  "tls-rpt-destination-same-domain": {
    status: "warn",
    title: "Reports go to the domain that they are about",
    detail: "When mail for {domains} does not arrive, the reports that would say so do not arrive either.",
    fix: "Use an address at another domain, or an https: destination.",
    reference: "RFC 8460 §5.3",
  },
  "tls-rpt-destination-same-mx": {
    status: "info",
    title: "Reports pass through the same mail hosts",
    detail: "{domains} has the same mail hosts as {subject}, so a fault there stops mail and reports alike.",
    fix: null,
    reference: "RFC 8460 §5.3",
  },
  "tls-rpt-destination-no-mail-host": {
    status: "fail",
    title: "A destination accepts no mail",
    detail: "Reports to {domains} cannot be delivered: that domain has no mail host, or says that it accepts no mail.",
    fix: "Correct the address, or name one that accepts mail.",
    reference: REFERENCE,
  },
  "tls-rpt-destination-without-mx": {
    status: "info",
    title: "The domain of a destination has no MX record",
    detail:
      "{domains} has no MX record, only an address, so reports go to that address itself. That is allowed; see that a mail server listens there, and not just a web server.",
    fix: null,
    reference: "RFC 5321 §5.1",
  },
  "tls-rpt-destination-external": {
    status: "info",
    title: "Reports go to another domain",
    detail: "Reports go to {domains}. Unlike with DMARC, that domain need not publish its consent.",
    fix: null,
    reference: "RFC 8460 §7",
  },
  ...TLS_RPT_WEB_WORDS,
  "tls-rpt-destination-unlooked": {
    status: "info",
    title: "Not all destinations were looked at",
    detail: "The record names {=count} mail domains; Sealpost looks at the first {=looked}.",
    fix: "Name fewer destinations: senders use one or a few.",
    reference: REFERENCE,
  },
} as const satisfies WordTable;
