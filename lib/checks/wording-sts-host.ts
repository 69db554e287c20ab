import type { WordTable } from "./words.ts";

const REFERENCE = "RFC 8461 §3.3";
// RFC 8461 §3.3 and §5.1 (M31, M32).
export const NO_POLICY =
  "Mail is not blocked by this: a sender that holds an earlier policy keeps to it until its max_age has passed, and every other sender delivers without the protection of MTA-STS.";

/** Findings about the name of the policy host, and about reaching it. */
export const STS_HOST_WORDS = {
  "sts-host-found": {
    status: "pass",
    title: "The policy host has an address",
    detail: "{subject} leads to {addresses}.",
    fix: null,
    reference: REFERENCE,
  },
  "sts-host-cname": {
    status: "info",
    title: "The policy host is an alias",
    detail:
      "{subject} is an alias: {chain}. Whoever runs the target serves the policy, and needs a certificate for {subject}.",
    fix: null,
    reference: "RFC 8461 §8.2",
  },
  "sts-host-missing": {
    status: "fail",
    title: "The policy host does not exist",
    detail: `The MTA-STS record tells senders to fetch the policy from {subject}, but that name has no address. ${NO_POLICY}`,
    fix: "Publish A and AAAA records (or a CNAME) for {subject} that lead to the web server with the policy at {=url}.",
    reference: REFERENCE,
  },
  "sts-host-cname-dangling": {
    status: "fail",
    title: "The alias of the policy host leads nowhere",
    detail: `{subject} is an alias, but at its end ({chain}) there is no address. Whoever gets hold of {end}, by registering it or as a customer of its provider, takes over the policy host: they can have a certificate issued for {subject} and publish a policy for the domain. ${NO_POLICY}`,
    fix: "Remove the CNAME at {subject} now, or point it to a host that serves the policy.",
    reference: "RFC 8461 §10.3",
  },
  "sts-host-cname-unclaimed": {
    status: "warn",
    title: "The alias of the policy host leads to a host that does not know it",
    detail:
      "{subject} is an alias ({chain}), but {end} answers as for a name that none of its customers has. If others can claim {subject} there, they can publish a policy for the domain.",
    fix: "Set up {subject} at the provider of {end}, or remove the CNAME when the service is no longer used.",
    reference: "RFC 8461 §10.3",
  },
  "sts-host-caa": {
    status: "info",
    title: "CAA records say who may issue certificates for the policy host",
    detail:
      "By the CAA records at {at} only {issuers} may issue a certificate for {subject}. Renewal from another authority would fail.",
    fix: null,
    reference: "RFC 8659 §4.2",
  },
  "sts-host-caa-nobody": {
    status: "warn",
    title: "CAA records forbid certificates for the policy host",
    detail:
      "By the CAA records at {at} ({records}) no authority may issue a certificate for {subject}. The one in use cannot be renewed, and without it senders get no policy.",
    fix: 'Publish a CAA record at {subject} that names the certificate authority, such as `0 issue "letsencrypt.org"`.',
    reference: "RFC 8659 §4.2",
  },
  "sts-host-caa-unanswered": {
    status: "info",
    title: "The CAA records of the policy host could not be asked for",
    detail:
      "The question for CAA at {name} got no answer. A certificate authority that gets none either must not issue a certificate for {subject}, so renewal may fail.",
    fix: "Let the name servers answer the question for CAA at {name}, even if the answer is that there are none.",
    reference: "RFC 8659 §6.2",
  },
  "sts-host-private-address": {
    status: "fail",
    title: "The policy host leads to a private address",
    detail: `{subject} leads to {addresses}, which is not on the public internet, so Sealpost did not connect and senders cannot. ${NO_POLICY}`,
    fix: "Publish a public address for {subject}. Split DNS is the usual cause: the record for the inside is visible from outside.",
    reference: REFERENCE,
  },
  "sts-host-some-private": {
    status: "warn",
    title: "One address of the policy host is private",
    detail:
      "{subject} leads to {refused} among others, which is not on the public internet. Senders that try it first lose time or give up.",
    fix: "Remove the records with {refused} from {subject}.",
    reference: REFERENCE,
  },
  "sts-host-family-unanswered": {
    status: "warn",
    title: "One kind of address of the policy host was not answered",
    detail:
      "{subject} has {addresses}, but the question for {type} got no answer. Some senders take that for a failure of the whole name.",
    fix: "Let the name servers answer the question for {type} at {subject}, even if the answer is that there are none.",
    reference: REFERENCE,
  },
  "sts-host-not-published": {
    status: "skipped",
    title: "Not tested: MTA-STS is not set up",
    detail: "There is neither an MTA-STS record nor the host {subject}, so there is no policy to look at.",
    fix: null,
    reference: REFERENCE,
  },
} as const satisfies WordTable;
