import type { SmtpFact } from "#lib/probes/smtp-fact.ts";
import { addressesOf, mailHostsOf } from "./answers.ts";
import { about, type Say } from "./finding.ts";
import type { Facts } from "./gather.ts";
import type { MailHostFact } from "./mail-host-facts.ts";
import { isUsableMailHost } from "./mx.ts";
import type { CheckName, Verdict } from "./verdict.ts";

export type HostFacts = Pick<Facts, "domain" | "mx" | "domainAddresses" | "mailHosts">;

/**
 * The verdicts of one check about each mail host. A name that no sender can find is told under `mx`, and does not keep
 * the others from being judged; a domain without mail hosts gets the one verdict that says so.
 * @throws Error when there are mail hosts, but no facts about any
 */
export function eachMailHost(
  check: CheckName,
  { domain, mx, domainAddresses, mailHosts }: HostFacts,
  judge: (host: MailHostFact, say: Say) => Verdict[],
): Verdict[] {
  const say = about(check, domain);
  const { kind } = mailHostsOf(mx, domainAddresses);
  if (kind === "unknown") return [say("skipped-after-error", { prerequisite: "mx" })];
  if (kind === "none") return [say("skipped-after-fail", { prerequisite: "mx" })];
  // RFC 7505 (M68)
  if (kind === "null-mx") return [say("no-mail-hosts")];
  const verdicts = mailHosts.flatMap((host) => {
    const sayOf = about(check, host.name);
    return isUsableMailHost(host.name) ? judge(host, sayOf) : [sayOf("skipped-after-fail", { prerequisite: "mx" })];
  });
  if (verdicts.length === 0) throw new Error("there are mail hosts, but none was looked at");
  return verdicts;
}

/** The verdicts of one check about each address of a mail host; one for the host where it has no address. */
export function eachAddress(
  check: CheckName,
  host: MailHostFact,
  smtp: readonly SmtpFact[],
  judge: (spoken: SmtpFact, say: Say) => Verdict[],
): Verdict[] {
  const { addresses, unanswered } = addressesOf(host.addresses);
  if (addresses.length === 0) {
    const skip = unanswered.length > 0 ? "skipped-after-error" : "skipped-after-fail";
    return [about(check, host.name)(skip, { prerequisite: "mx-address" })];
  }
  return dialoguesOf(host, smtp).flatMap((one) => judge(one, about(check, subjectOf(one))));
}

/** The dialogues with the addresses of one host, each address once. */
export function dialoguesOf(host: MailHostFact, smtp: readonly SmtpFact[]): SmtpFact[] {
  const own = smtp.filter((one) => one.host === host.name);
  return [...new Map(own.map((one) => [one.address, one])).values()];
}

/** "mx1.example.org [192.0.2.1]", and the same brackets for IPv6. */
function subjectOf({ host, address }: SmtpFact): string {
  return `${host} [${address}]`;
}
