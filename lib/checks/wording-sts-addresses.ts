import type { WordTable } from "./words.ts";

const REFERENCE = "RFC 8461 §3.3";

/** Stands behind what is said of one address. */
export const OTHERS_SERVE =
  "This was seen over {=family} at {address}; the policy is also served at {serving}, and senders choose freely among the addresses.";

/** Findings about a policy host with several addresses, and about who asks it. */
export const STS_ADDRESS_WORDS = {
  "sts-fetch-address-refuses": {
    status: "warn",
    title: "One address of the policy host refuses connections",
    detail:
      "The policy is served at {serving}, but {address} ({=family}) {=problem}. Senders that try that one first lose time or give up.",
    fix: "Let the web server listen on each address that {host} has, or remove the records of those without one.",
    reference: REFERENCE,
  },
  "sts-fetch-address-silent": {
    status: "warn",
    title: "One address of the policy host does not answer",
    detail:
      "The policy is served at {serving}, but {address} ({=family}) {=problem}. Senders that try that one first wait for it or give up.",
    fix: "Look whether the web server and its firewall serve {address}, or remove it from the DNS. If this machine reaches nothing else over {=family}, look at its own network first.",
    reference: REFERENCE,
  },
  "sts-fetch-ipv6-fails": {
    status: "warn",
    title: "The policy host works over IPv4 only",
    detail:
      "The policy is served at {serving}, but over IPv6 {address} {=problem}. Senders that prefer IPv6 lose time or give up, and those with IPv6 alone have no policy.",
    fix: "Let the web server and its firewall serve {address} as well, or remove the AAAA record of {host}. If this machine reaches nothing else over IPv6, look at its own network first.",
    reference: REFERENCE,
  },
  "sts-fetch-ipv4-fails": {
    status: "fail",
    title: "The policy host works over IPv6 only",
    detail:
      "The policy is served at {serving}, but over IPv4 {address} {=problem}. Many senders fetch policies over IPv4 alone, and have none then.",
    fix: "Let the web server and its firewall serve {address} as well, or remove the A record of {host} and publish one that works.",
    reference: REFERENCE,
  },
  "sts-fetch-address-unseen": {
    status: "info",
    title: "Some addresses of the policy host cannot be reached from here",
    detail:
      "This machine has no way to {unseen} ({=families}), so nothing is known about what the policy host does there. It serves the policy at {serving}.",
    fix: "Look up the domain once from a machine that has {=families}.",
    reference: null,
  },
  "sts-fetch-others-serve": {
    status: "info",
    title: "Other addresses of the policy host serve the policy",
    detail:
      "What is wrong does not hold for all addresses: the policy is served at {serving}. Senders choose freely among the addresses, so some get it and others do not.",
    fix: "Set up the other addresses of {subject} as these are, or remove them from the DNS.",
    reference: REFERENCE,
  },
  "sts-fetch-policy-differs": {
    status: "fail",
    title: "The policy host serves two different policies",
    detail:
      "The policy at {address} and the one at {other} differ in {lines}. Which of them a sender gets and keeps is left to chance, so reports and deliveries contradict one another.",
    fix: "Serve the same file from every address of {host}, then give the record a new id so that senders fetch it again.",
    reference: "RFC 8461 §3.2",
  },
  "sts-fetch-text-differs": {
    status: "info",
    title: "The policy is written differently at some addresses",
    detail: "The text from {addresses} is not that from {other}, but says the same to senders.",
    fix: null,
    reference: null,
  },
  "sts-fetch-certificates-differ": {
    status: "info",
    title: "The policy host has several certificates",
    detail: "It gives out {=count} different ones, each valid for it: {certificates}.",
    fix: "See to it that each is renewed: one that expires takes the policy away from the senders that meet it.",
    reference: null,
  },
  "sts-fetch-default-certificate": {
    status: "info",
    title: "Without SNI the policy host gives out another certificate",
    detail:
      "To clients that do not name {subject} in the handshake it shows {certificate}. Senders of MTA-STS mail have to name it, so none of them meets that one.",
    fix: null,
    reference: "RFC 8461 §7.1",
  },
  "sts-fetch-agent-refused": {
    status: "warn",
    title: "The policy host turns away some clients by their name",
    detail:
      "Sealpost got the policy, but the same request under another User-Agent did not ({agents}). It looks like a rule against bots; mail servers are no browsers, and those that it meets have no policy.",
    fix: "Exempt {=url} from bot rules, browser checks and rate limits, so that every client gets it.",
    reference: REFERENCE,
  },
  "sts-fetch-agent-other-body": {
    status: "warn",
    title: "The policy host gives some clients another text",
    detail:
      "The same request under another User-Agent ({agents}) was answered with another text than Sealpost's. Senders may hold a policy that is not the one shown here.",
    fix: "Serve the same plain file at {=url} to every client, without challenges or anything that is added on the way.",
    reference: REFERENCE,
  },
  "sts-fetch-agent-served": {
    status: "info",
    title: "The policy host does serve other clients",
    detail:
      "Sealpost was answered with status {=status}, but the same request with another User-Agent got the policy ({agents}). Some senders may have it, others not.",
    fix: "Exempt {=url} from bot rules and browser checks, so that every client gets it.",
    reference: REFERENCE,
  },
} as const satisfies WordTable;
