import { isHostName, looksLikeAddress } from "#lib/standards/host-grammar.ts";
import { answerOf, mailHostsOf } from "./answers.ts";
import { about, conclude, dnsEvidence, sayUnanswered } from "./finding.ts";
import type { Facts } from "./gather.ts";
import type { Verdict } from "./verdict.ts";

// RFC 6761 §6.3, §6.4, RFC 6762 §3, and the default name of a machine without one. `.test` is a lab's, and fine.
const LOCAL_NAME = /^[^.]*$|(?:^|\.)(?:localhost|localdomain|local|invalid|internal|lan|home\.arpa)$/;

/** True for a name that a sender can find and a policy can cover. */
export function isUsableMailHost(name: string): boolean {
  return !looksLikeAddress(name) && !LOCAL_NAME.test(name);
}

/** Where the mail of the domain goes (RFC 5321 §5.1, RFC 7505). */
export function checkMx({ domain, mx, domainAddresses }: Pick<Facts, "domain" | "mx" | "domainAddresses">): Verdict[] {
  const say = about("mx", domain);
  const mail = mailHostsOf(mx, domainAddresses);
  switch (mail.kind) {
    case "null-mx":
      return [say("mx-null")];
    case "implicit":
      return [say("mx-implicit", { addresses: mail.addresses })];
    case "none":
      return [say(mail.nameExists ? "mx-no-mail-host" : "mx-domain-not-found", dnsEvidence(mx))];
    case "unknown": {
      const answer = answerOf(mail.fact);
      const isLoop = answer.kind !== "unanswered";
      return [isLoop ? say("dns-chain-loop", dnsEvidence(mail.fact)) : sayUnanswered(say, mail.fact, answer.failure)];
    }
  }
  const listed = mail.hosts.map(({ preference, exchange }) => `${preference} ${exchange}`);
  const names = mail.hosts.map((host) => host.exchange);
  const addresses = names.filter(looksLikeAddress);
  const local = names.filter((name) => !looksLikeAddress(name) && LOCAL_NAME.test(name));
  const broken = names.filter((name) => isUsableMailHost(name) && !isHostName(name));
  const verdicts: Verdict[] = [];
  // RFC 7505 §3: a null MX stands alone.
  if (mail.nullMxBeside) verdicts.push(say("mx-null-with-others", { hosts: listed }));
  // RFC 5321 §5.1, RFC 1035 §3.3.9: an MX record holds a name.
  if (addresses.length > 0) verdicts.push(say("mx-address-literal", { hosts: addresses }));
  if (local.length > 0) verdicts.push(say("mx-local-name", { hosts: local, domain }));
  if (broken.length > 0) verdicts.push(say("mx-host-name-invalid", { hosts: broken }));
  return conclude(verdicts, () => say("mx-present", { hosts: listed }));
}
