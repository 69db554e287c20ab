import { recordWords } from "./wording-record.ts";
import type { WordTable } from "./words.ts";

const REFERENCE = "RFC 8461 §3.1";
// RFC 8461 §3.1 (M11), and §3.3 with §5.1 (M12, M31, M32).
const LOST =
  "Senders then see no MTA-STS policy and deliver without its protection; mail is not blocked. A policy that was served before is not cancelled by this: senders that hold it apply it until its max_age has passed.";
const PUBLISH = "Publish exactly one such TXT record at {name}: {publish}{=hint}";

/** Findings about the TXT record at `_mta-sts`. */
export const STS_RECORD_WORDS = {
  ...recordWords("sts-record", { what: "MTA-STS record", version: "v=STSv1", reference: REFERENCE, lost: LOST }),
  "sts-record-valid": {
    status: "pass",
    title: "The MTA-STS record is valid",
    detail: "Senders find {record} and fetch the policy when the id is new to them.",
    fix: null,
    reference: REFERENCE,
  },
  "sts-record-cname": {
    status: "info",
    title: "The MTA-STS record stands at another name",
    detail:
      "The name {name} is an alias: {chain}. Whoever keeps that zone decides when senders fetch the policy again.",
    fix: null,
    reference: REFERENCE,
  },
  "sts-record-cname-dangling": {
    status: "fail",
    title: "The alias of the MTA-STS record leads nowhere",
    detail: `The name {name} is an alias, but at its end ({chain}) there is no TXT record. ${LOST}`,
    fix: "Ask the provider of the target for the right name, or remove the CNAME and publish the TXT record at {name} itself. Do not leave it: whoever gets hold of the target can announce a policy for the domain.",
    reference: REFERENCE,
  },
  "sts-record-subdomain-without": {
    status: "warn",
    title: "A subdomain that receives mail has no MTA-STS record",
    detail:
      "Mail for {subject} goes to {hosts}. The policy of {domain} does not hold for it: a policy counts for its own domain only, and there is no valid record at {name}. Such mail travels without the protection of MTA-STS.",
    fix: "Publish a record at {name} and a policy at {=url}. If nobody receives mail there, remove its MX records.",
    reference: "RFC 8461 §3.4",
  },
  "sts-record-subdomain-unknown": {
    status: "info",
    title: "The MTA-STS record of a subdomain could not be looked at",
    detail:
      "Mail for {subject} goes to {hosts}. The policy of {domain} does not hold for it, and whether it has a record of its own at {name} was not answered.",
    fix: "Look again in a few minutes.",
    reference: "RFC 8461 §3.4",
  },
  "sts-record-subdomain-wildcard": {
    status: "warn",
    title: "Any subdomain receives mail, and has no MTA-STS record",
    detail:
      "A wildcard MX record stands below {domain}: mail for a made-up name ({tried}) goes to {hosts}. The policy of {domain} does not hold for names below it, and no record can be published for all of them at once. Such mail travels without the protection of MTA-STS.",
    fix: "Remove the wildcard MX record, and give each subdomain that really receives mail its own MX records, MTA-STS record and policy.",
    reference: "RFC 8461 §3.4",
  },
  "sts-record-id-missing": {
    status: "fail",
    title: "The record has no id",
    detail: `Without an id the record {record} is invalid. ${LOST}`,
    fix: PUBLISH,
    reference: REFERENCE,
  },
  "sts-record-id-case": {
    status: "fail",
    title: "The id is written in capitals",
    detail: `In {found} the name of the field has to be \`id\` in lower case; so the record has no id and is invalid. ${LOST}`,
    fix: PUBLISH,
    reference: REFERENCE,
  },
  "sts-record-id-empty": {
    status: "fail",
    title: "The id is empty",
    detail: `The id needs 1 to 32 letters and digits; without them the record is invalid. ${LOST}`,
    fix: PUBLISH,
    reference: REFERENCE,
  },
  "sts-record-id-too-long": {
    status: "fail",
    title: "The id is too long",
    detail: `In {found} the id has more than 32 characters, which makes the record invalid. ${LOST}`,
    fix: PUBLISH,
    reference: REFERENCE,
  },
  "sts-record-id-characters": {
    status: "fail",
    title: "The id has characters that are not allowed",
    detail: `In {found} stands more than letters and digits (a date with hyphens is the usual slip), which makes the record invalid. ${LOST}`,
    fix: PUBLISH,
    reference: REFERENCE,
  },
} as const satisfies WordTable;
