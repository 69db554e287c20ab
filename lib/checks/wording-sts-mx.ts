import type { WordTable } from "./words.ts";

const REFERENCE = "RFC 8461 §4.1";
const AT_RISK =
  "In mode enforce senders do not deliver to this host; in testing they report it. The mode is {=mode}; the host is {=place} (preference {=preference}).";
const ADD = "Add the line {publish} to the policy, then change the id in the TXT record.";

/** Findings about the mail hosts and the mx lines of the policy. */
export const STS_MX_WORDS = {
  "sts-mx-covered": {
    status: "pass",
    title: "The policy covers this mail host",
    detail: "{subject} is covered by {pattern}.",
    fix: null,
    reference: REFERENCE,
  },
  "sts-mx-not-covered": {
    status: "fail",
    title: "The policy does not cover this mail host",
    detail: `No mx line matches {subject}; the policy has {patterns}. ${AT_RISK}`,
    fix: `${ADD} If the host is no longer in use, remove it from the MX records instead.`,
    reference: REFERENCE,
  },
  "sts-mx-wildcard-too-deep": {
    status: "fail",
    title: "The wildcard does not reach this mail host",
    detail: `{pattern} does not match {subject}: the asterisk stands for exactly one label, and here stand more. ${AT_RISK}`,
    fix: ADD,
    reference: REFERENCE,
  },
  "sts-mx-wildcard-apex": {
    status: "fail",
    title: "The wildcard does not match the name itself",
    detail: `{pattern} does not match {subject}: the asterisk stands for exactly one more label. ${AT_RISK}`,
    fix: ADD,
    reference: REFERENCE,
  },
  "sts-mx-wildcard-own-zone": {
    status: "warn",
    title: "A wildcard covers the domain's own names",
    detail:
      "With {patterns} every host below that name passes as a mail host, also one that an attacker gets a certificate for.",
    fix: "Name the mail hosts one by one: {publish}. Then change the id in the TXT record.",
    otherwise: "Name the mail hosts one by one in mx lines, and change the id in the TXT record.",
    reference: "RFC 8461 §10.4",
  },
  "sts-mx-wildcard-provider": {
    status: "info",
    title: "A wildcard covers the names of a provider",
    detail:
      "With {patterns} every host of that provider passes. That is common, and as safe as the provider's handling of its names.",
    fix: null,
    reference: "RFC 8461 §10.4",
  },
  "sts-mx-pattern-unused": {
    status: "info",
    title: "An mx line matches no mail host",
    detail:
      "No MX record matches {patterns}. That is right while a move is under way; later it only gives old hosts a say.",
    fix: "Once the move is over, remove these lines and change the id in the TXT record.",
    reference: REFERENCE,
  },
  "sts-mx-null": {
    status: "info",
    title: "A policy for a domain without mail",
    detail: "The domain has a null MX and accepts no mail, so the policy protects nothing.",
    fix: "Remove the policy in the proper order (mode none first), or the null MX if the domain is to get mail.",
    reference: "RFC 7505 §3",
  },
  "sts-mx-mode-none": {
    status: "skipped",
    title: "Not tested: the policy is switched off",
    detail: "In mode none senders do not compare mail hosts with the policy.",
    fix: null,
    reference: "RFC 8461 §5",
  },
} as const satisfies WordTable;
