import type { WordTable } from "./words.ts";

const AGAIN = "Look again in a few minutes.";

/** Findings that any check can have: questions without an answer, and checks that did not run. */
export const SHARED_WORDS = {
  "dns-timeout": {
    status: "error",
    title: "The DNS did not answer in time",
    detail:
      "The question for {type} at {name} got no answer, so this could not be checked. That says nothing about the domain yet.",
    fix: `${AGAIN} If it stays so, look at the name servers of the domain, and at the resolver that Sealpost asks ({resolver}).`,
    reference: null,
  },
  "dns-servfail": {
    status: "error",
    title: "The DNS answered with a server failure",
    detail:
      "The question for {type} at {name} got SERVFAIL, so this could not be checked. SERVFAIL often means broken DNSSEC (expired signatures, or a DS record that fits no key) or name servers that do not answer; senders get the same and then see no record at all.",
    fix: `${AGAIN} If it stays so, test the name with a DNSSEC debugger and ask each name server of the zone.`,
    reference: "RFC 4035 §5.5",
  },
  "dns-refused": {
    status: "error",
    title: "The DNS refused the question",
    detail:
      "The resolver {resolver} refused to answer the question for {type} at {name}, so this could not be checked.",
    fix: "Let Sealpost ask a resolver that serves its network (setting `SEALPOST_DNS`).",
    reference: null,
  },
  "dns-malformed": {
    status: "error",
    title: "The DNS answer could not be read",
    detail:
      "The answer of {resolver} to the question for {type} at {name} was malformed, so this could not be checked.",
    fix: `${AGAIN} If it stays so, ask another resolver (setting \`SEALPOST_DNS\`).`,
    reference: null,
  },
  "dns-network": {
    status: "error",
    title: "The DNS could not be reached",
    detail:
      "The question for {type} at {name} could not be sent or its answer did not arrive, so this could not be checked.",
    fix: "Check the network of the machine that Sealpost runs on, and its resolver (setting `SEALPOST_DNS`).",
    reference: null,
  },
  "dns-chain-too-long": {
    status: "error",
    title: "Too many aliases to follow",
    detail:
      "At {name} one CNAME leads to the next ({chain}), more than Sealpost follows, so this could not be checked. Many resolvers give up as well.",
    fix: "Let {name} point straight to its last target.",
    reference: "RFC 1034 §3.6.2",
  },
  "dns-chain-loop": {
    status: "fail",
    title: "Aliases that lead in a circle",
    detail: "The CNAME records at {name} lead back to one another ({chain}), so no resolver gets an answer for {type}.",
    fix: "Remove one of these CNAME records and publish the record itself, or let the CNAME point to a name that has it.",
    reference: "RFC 1034 §3.6.2",
  },
  "skipped-after-fail": {
    status: "skipped",
    title: "Not tested: something before it is wrong",
    detail: "This can be tested once the problem under {prerequisite} is mended.",
    fix: null,
    reference: null,
  },
  "skipped-after-error": {
    status: "skipped",
    title: "Not tested: something before it could not be checked",
    detail: "This can be tested once {prerequisite} could be checked.",
    fix: null,
    reference: null,
  },
  "skipped-after-skip": {
    status: "skipped",
    title: "Not tested: what comes before it was not tested",
    detail: "This can be tested once {prerequisite} has been tested.",
    fix: null,
    reference: null,
  },
  "no-mail-hosts": {
    status: "info",
    title: "There is no mail host to look at",
    detail: "A null MX says that {subject} accepts no mail.",
    fix: null,
    reference: "RFC 7505 §3",
  },
  "policy-proposed": {
    status: "info",
    title: "Not looked at: the policy is a proposal",
    detail: "The policy was read from {source}. Whether it is well published can be told once it is.",
    fix: null,
    reference: null,
  },
  "check-crashed": {
    status: "error",
    title: "This check did not finish",
    detail:
      "Sealpost met a fault of its own ({message}), so this could not be checked. That says nothing about the domain.",
    fix: "Please report it, with the facts of this lookup.",
    reference: null,
  },
} as const satisfies WordTable;
