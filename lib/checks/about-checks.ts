import type { CheckName } from "./verdict.ts";

/** What a check is called where people read, what it looks at, and why that matters. */
export interface CheckDescription {
  /** A noun phrase: "Policy content". */
  name: string;
  looksAt: string;
  matters: string;
}

/** Each check in plain words. */
export const ABOUT_CHECKS: Readonly<Record<CheckName, CheckDescription>> = {
  outcome: {
    name: "Outcome",
    looksAt:
      "What three kinds of senders do at each address of each mail host: one that follows MTA-STS, one that follows DANE, and one that takes TLS where it is offered.",
    matters:
      "It is what all other findings come to: whether mail arrives, whether somebody on the way can read or redirect it, or whether it waits.",
  },
  mx: {
    name: "Mail hosts",
    looksAt: "The MX records of the domain, and the address of the domain itself where there are none.",
    matters: "They say where mail for the domain goes. Everything else is judged for the hosts that they name.",
  },
  "mx-address": {
    name: "Addresses of mail hosts",
    looksAt: "The A and AAAA records of each mail host, and aliases on the way to them.",
    matters:
      "A host without an address cannot be reached, and an address that is wrong for some senders delays or loses their mail.",
  },
  starttls: {
    name: "STARTTLS",
    looksAt:
      "The SMTP dialogue with each address of each mail host: greeting, EHLO, STARTTLS, and the handshake after it.",
    matters: "Without STARTTLS mail travels as readable text, and senders that insist on TLS keep it back.",
  },
  "mx-certificate": {
    name: "Certificates of mail hosts",
    looksAt:
      "The certificate chain that each address serves: its names, its dates, who vouches for it, and what comes without SNI.",
    matters: "Under MTA-STS a sender delivers only to a host whose certificate names it and leads to a trusted root.",
  },
  "mx-tls": {
    name: "TLS of mail hosts",
    looksAt:
      "The TLS versions that each address accepts, cipher and key exchange, and what it does with plaintext sent along with STARTTLS.",
    matters:
      "Old versions and ciphers can be broken, and a host without TLS 1.2 is out of reach for senders of MTA-STS mail.",
  },
  dnssec: {
    name: "DNSSEC",
    looksAt:
      "Whether the answers for the domain and its mail hosts are signed, and whether the signatures are right and hold on.",
    matters:
      "DANE counts only where DNSSEC vouches for the answers, and a wrong signature makes a name vanish for everybody who validates.",
  },
  "dane-records": {
    name: "TLSA records",
    looksAt: "The TLSA records at _25._tcp of each mail host, and whether a sender can use them.",
    matters:
      "Where usable records stand, DANE senders deliver only with TLS that fits them. An answer that fails keeps their mail waiting.",
  },
  "dane-match": {
    name: "TLSA records and certificates",
    looksAt: "Whether the TLSA records of each mail host fit the certificate chain that each of its addresses serves.",
    matters: "When no record fits, DANE senders do not deliver. It happens most often after an automatic renewal.",
  },
  "mta-sts-record": {
    name: "MTA-STS record",
    looksAt: "The TXT record at _mta-sts of the domain.",
    matters:
      "It tells senders that there is a policy, and by its id that the policy has changed. Without it MTA-STS is off.",
  },
  "mta-sts-host": {
    name: "Policy host",
    looksAt: "The addresses of mta-sts below the domain, and the aliases on the way to them.",
    matters:
      "Senders fetch the policy from this one host. Whoever controls it decides how mail to the domain is protected.",
  },
  "mta-sts-certificate": {
    name: "Certificate of the policy host",
    looksAt: "TLS and certificate of the policy host: names, dates, chain, and TLS versions.",
    matters: "Senders take a policy only from a host that proves its name.",
  },
  "mta-sts-fetch": {
    name: "Policy fetch",
    looksAt: "The GET of the policy: status, redirects, media type, size and time.",
    matters: "Anything but a prompt answer with status 200 is no policy.",
  },
  "mta-sts-policy": {
    name: "Policy content",
    looksAt: "The text of the policy, line by line.",
    matters: "A policy that cannot be read protects nothing.",
  },
  "mta-sts-mode": {
    name: "Policy mode",
    looksAt: "The mode of the policy: enforce, testing or none.",
    matters: "Only in enforce do senders keep mail from hosts that fail.",
  },
  "mta-sts-max-age": {
    name: "Policy lifetime",
    looksAt: "The max_age of the policy: how long senders keep to it.",
    matters: "The longer it is, the longer an attacker would have to hide the policy before a sender forgets it.",
  },
  "mta-sts-mx": {
    name: "Mail hosts in the policy",
    looksAt: "Whether an mx line of the policy covers each mail host.",
    matters: "In enforce, mail is not delivered to a host that no line covers, however good its certificate is.",
  },
  "mta-sts-id": {
    name: "Policy id",
    looksAt: "Whether the id in the record has changed when the policy has, and only then.",
    matters: "Senders fetch a changed policy only when the id is new; until then they keep to the old one.",
  },
  "tls-rpt-record": {
    name: "TLS-RPT record",
    looksAt: "The TXT record at _smtp._tls of the domain.",
    matters: "Without it senders do not report: failures show only when somebody misses mail.",
  },
  "tls-rpt-destinations": {
    name: "Report destinations",
    looksAt: "Each address of the TLS-RPT record that reports are to go to, and whether it can receive them.",
    matters: "Reports that nobody receives are as good as none.",
  },
  "tls-rpt-hosts": {
    name: "TLS-RPT records of mail hosts",
    looksAt: "The TXT record at _smtp._tls of each mail host.",
    matters: "Some senders file DANE results under the name of the mail host, and look for a record there.",
  },
};
