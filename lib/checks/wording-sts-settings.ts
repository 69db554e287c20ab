import type { WordTable } from "./words.ts";

const REFERENCE = "RFC 8461 §3.2";
const NEW_ID = "Then change the id in the TXT record.";

/** Findings about mode and max_age of a policy that can be read. */
export const STS_SETTINGS_WORDS = {
  "sts-mode-enforce": {
    status: "pass",
    title: "The policy is enforced",
    detail:
      "Senders that honour MTA-STS do not deliver to a host that fails the policy. They try again later and return the mail if it stays so.",
    fix: null,
    reference: "RFC 8461 §5",
  },
  "sts-mode-testing": {
    status: "info",
    title: "The policy is in testing",
    detail: "Senders report failures, but may deliver all the same: the domain is watched and not yet protected.",
    fix: "Read the TLS reports for two weeks or more. When no failure is left that is yours, change to `mode: enforce` and give the TXT record a new id.",
    reference: "RFC 8461 §5",
  },
  "sts-mode-none": {
    status: "warn",
    title: "The policy is switched off",
    detail:
      "Mode none tells senders to deliver as if there were no policy, so the domain has no protection by MTA-STS.",
    fix: `To protect the domain, publish \`mode: testing\` with its mx lines. To leave MTA-STS for good, set \`max_age: 86400\`. ${NEW_ID}`,
    reference: "RFC 8461 §8.3",
  },
  "sts-mode-none-removal": {
    status: "info",
    title: "MTA-STS is being removed",
    detail:
      "Mode none with a short max_age tells senders to forget the policy. The domain has no protection by MTA-STS.",
    fix: "Keep record and policy in place until every policy that was ever served has run out by its own max_age; then remove both.",
    reference: "RFC 8461 §8.3",
  },
  "sts-mode-none-unannounced": {
    status: "info",
    title: "A policy of mode none without a record",
    detail:
      "The policy is switched off and no record leads to it. Senders that hold an earlier policy still learn here that it is gone.",
    fix: "Remove the policy host once every policy that was ever served has run out by its own max_age.",
    reference: "RFC 8461 §8.3",
  },
  "sts-mode-invalid": {
    status: "fail",
    title: "No mode is in force",
    detail: "The policy has no mode that senders know, so they neither enforce nor test anything.",
    fix: "Correct the mode line as the check of the policy text says.",
    reference: REFERENCE,
  },
  "sts-max-age-good": {
    status: "pass",
    title: "Senders keep the policy long enough",
    detail: "A max_age of {=maxAge} seconds lets senders keep the policy for {=lasts}.",
    fix: null,
    reference: REFERENCE,
  },
  "sts-max-age-zero": {
    status: "fail",
    title: "The policy is never kept",
    detail:
      "With a max_age of 0 senders may not keep the policy, so an attacker who blocks one fetch has switched it off.",
    fix: `Set \`max_age: 604800\` (a week) or more. ${NEW_ID}`,
    reference: "RFC 8461 §10.2",
  },
  "sts-max-age-below-day": {
    status: "warn",
    title: "Senders keep the policy for less than a day",
    detail:
      "A max_age of {=maxAge} seconds ({=lasts}) runs out before most senders write again; each time an attacker can block the fetch. Weeks or more are expected.",
    fix: `Set \`max_age: 604800\` (a week) or more. ${NEW_ID}`,
    reference: REFERENCE,
  },
  "sts-max-age-below-week": {
    status: "warn",
    title: "Senders keep the enforced policy for less than a week",
    detail:
      "A max_age of {=maxAge} seconds ({=lasts}) protects only senders that write often. Weeks or more are expected.",
    fix: `Set \`max_age: 2592000\` (30 days) or more. ${NEW_ID}`,
    reference: REFERENCE,
  },
  "sts-max-age-below-month": {
    status: "info",
    title: "The policy could be kept longer",
    detail:
      "Senders keep the enforced policy for {=lasts}. For a setup that is stable, one to six months are a good aim.",
    fix: `When the mail hosts seldom change, set \`max_age: 2592000\` (30 days) or more. ${NEW_ID}`,
    reference: "RFC 8461 §10.2",
  },
  "sts-max-age-long-removal": {
    status: "warn",
    title: "The switched-off policy is kept for long",
    detail:
      "With mode none, a max_age of {=maxAge} seconds ({=lasts}) only makes removal, or a new start, take longer.",
    fix: `Set \`max_age: 86400\` (a day). ${NEW_ID}`,
    reference: "RFC 8461 §8.3",
  },
} as const satisfies WordTable;
