import type { WordTable } from "./words.ts";

const REFERENCE = "RFC 8461 §3.1";
const NEW_ID = "Set an id in the record that was not used before.";

/** Findings about the id of the policy, held against what was seen before. */
export const STS_ID_WORDS = {
  "sts-id-first-seen": {
    status: "info",
    title: "The policy is seen for the first time",
    detail:
      "The id is {id}. Sealpost has seen no earlier policy of {subject} with an id, so it cannot tell yet whether the id changes with the policy. For registered domains it keeps account.",
    fix: null,
    reference: REFERENCE,
  },
  "sts-id-unchanged": {
    status: "pass",
    title: "Policy and id are unchanged",
    detail: "Both are as they were on {=seen}. The id is {id}.",
    fix: null,
    reference: REFERENCE,
  },
  "sts-id-new": {
    status: "pass",
    title: "The policy has changed, and its id with it",
    detail: "The id was {before} on {=seen} and is {id} now, so senders fetch the new policy.",
    fix: null,
    reference: REFERENCE,
  },
  "sts-id-behind": {
    status: "warn",
    title: "The policy has changed, but its id has not",
    detail:
      "The policy is another than on {=seen}, and the id is still {id}. Senders that hold the earlier policy see nothing new and keep to it until they refresh it or its max_age has passed.",
    fix: NEW_ID,
    reference: REFERENCE,
  },
  "sts-id-line-ends": {
    status: "warn",
    title: "The line ends of the policy have changed, but its id has not",
    detail:
      "Compared with {=seen} only the line ends of the policy are others, and the id is still {id}. Senders that hold the earlier text lose nothing by it: it says the same. Still it means that two versions are about under one id, perhaps from two machines.",
    fix: `Find out what changed the file, and serve the same octets everywhere. ${NEW_ID}`,
    reference: REFERENCE,
  },
  "sts-id-ahead": {
    status: "warn",
    title: "The id has changed, but the policy has not",
    detail:
      "The id was {before} on {=seen} and is {id} now, and the policy is the same. If a new policy is to follow, the order was wrong: senders that fetch now keep the old text under the new id, and do not come back for the new one.",
    fix: "If a new policy is to come, publish it first and then set another id that was not used before. If not, nothing is lost: senders fetch the same policy once more.",
    reference: "RFC 8461 §8.1",
  },
} as const satisfies WordTable;
