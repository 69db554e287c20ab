import { type MailHost, mailAddress } from "./mail-host.ts";
import { type Differences, domain, type WorldDomain } from "./world-domain.ts";

type Expected = WorldDomain["expect"];

/** What the only mail host of a domain does, and what comes of it. */
export function host(
  label: string,
  about: string,
  rows: string[],
  how: MailHost | MailHost[],
  expected: Partial<Expected> = {},
  finding: string | null = null,
  more: Differences = {},
): WorldDomain {
  return domain(label, about, rows, { mail: { "mx1.@": how }, ...more }, expected, finding);
}

/** TLS was not looked at: nothing of it can be judged. */
const NO_TLS = { "mx-certificate": "skipped", "mx-tls": "skipped" } as const;
/** Senders that demand TLS wait; the policy is in force. */
export const STOPS = { ...NO_TLS, starttls: "fail", outcome: "fail" } as const;
/** It could not be spoken with, and we cannot say whose fault it is. */
const UNKNOWN = { ...NO_TLS, starttls: "error", outcome: "error" } as const;
/** TLS came up, and what follows inside it could not be seen. */
const UNSEEN_INSIDE = { starttls: "error", outcome: "error" } as const;
/** TLS was looked at in part: one of several addresses did not come to it. */
const PART = { ...NO_TLS, starttls: "fail", outcome: "warn" } as const;
/** Mail hosts that cannot be reached, or do not want to speak. */
const REACHING: WorldDomain[] = [
  host(
    "mx-refuses",
    "Nobody listens at its mail host.",
    ["M62", "D2"],
    { connection: "refused" },
    STOPS,
    "starttls-connection-refused",
  ),
  host(
    "mx-unreachable",
    "Its mail host does not answer to a connection.",
    ["M62", "D2"],
    { connection: "unanswered" },
    UNKNOWN,
    "starttls-connection-timeout",
  ),
  host(
    "mx-resets",
    "Its mail host breaks off each connection.",
    ["M62"],
    { connection: "reset" },
    UNKNOWN,
    "starttls-connection-reset",
  ),
  host(
    "mx-hangs-up",
    "Its mail host closes each connection before a word.",
    ["M62"],
    { connection: "closed" },
    UNKNOWN,
    "starttls-connection-reset",
  ),
  host(
    "greylisted",
    "Its mail host greets strangers with 451.",
    ["M62"],
    { greeting: "451 4.7.1 Greylisted, come again\r\n" },
    UNKNOWN,
    "starttls-greeting-temporary",
  ),
  host(
    "greeting-421",
    "Its mail host has too many connections.",
    ["M62"],
    { greeting: { say: "421 4.7.0 Too many connections\r\n", close: true } },
    UNKNOWN,
    "starttls-greeting-temporary",
  ),
  host(
    "greeting-450",
    "Its mail host is not ready for us.",
    ["M62"],
    { greeting: "450 4.3.2 Not now\r\n" },
    UNKNOWN,
    "starttls-greeting-temporary",
  ),
  host(
    "greeting-554",
    "Its mail host does not want to speak with us.",
    ["M62"],
    { greeting: "554 5.7.1 Not from there\r\n" },
    UNKNOWN,
    "starttls-greeting-refused",
  ),
  host(
    "mx-is-a-web-server",
    "At its mail host a web server answers.",
    ["M62"],
    { greeting: { say: "HTTP/1.1 400 Bad Request\r\n\r\n", close: true } },
    STOPS,
    "starttls-reply-malformed",
  ),
  host(
    "mx-silent",
    "Its mail host accepts connections and says nothing.",
    ["M62"],
    { greeting: "" },
    UNKNOWN,
    "starttls-reply-timeout",
  ),
  host(
    "mx-drips",
    "Its mail host takes a second for each letter of its greeting.",
    ["M62"],
    { greeting: { say: "220 mx1 ESMTP\r\n", pace: 1_000 } },
    UNKNOWN,
    "starttls-reply-timeout",
  ),
  host("mx-slow", "Its mail host is slow of speech, as it may be.", ["M62"], {
    greeting: { say: "220-mx1\r\n220 ESMTP\r\n", pace: 1 },
  }),
  host(
    "ehlo-closes",
    "Its mail host hangs up on EHLO.",
    ["S5"],
    { ehlo: { say: "", close: true } },
    UNKNOWN,
    "starttls-connection-reset",
  ),
  host(
    "ehlo-502",
    "Its mail host does not know EHLO.",
    ["S2"],
    { ehlo: "502 5.5.1 Not implemented\r\n" },
    UNKNOWN,
    "starttls-ehlo-refused",
  ),
  host(
    "ehlo-451",
    "Its mail host puts off EHLO.",
    ["S2"],
    { ehlo: "451 4.3.2 Later\r\n" },
    UNKNOWN,
    "starttls-ehlo-temporary",
  ),
  host(
    "ehlo-endless",
    "Its mail host has keywords without an end.",
    ["S2"],
    { ehlo: { say: "250-MORE\r\n", forever: true } },
    STOPS,
    "starttls-reply-malformed",
  ),
  host(
    "ehlo-long-line",
    "Its mail host has a keyword of 64 KiB.",
    ["S2"],
    { ehlo: `250-mx1\r\n250-${"x".repeat(65_536)}\r\n250 STARTTLS\r\n` },
    STOPS,
    "starttls-reply-malformed",
  ),
];

/** More than one address, or more than one host (M62: each address; M65: each host). */
const SOME: WorldDomain[] = [
  host(
    "half-reachable",
    "Of the two addresses of its mail host only one answers.",
    ["M62"],
    [{}, { connection: "refused" }],
    PART,
    "starttls-connection-refused",
  ),
  host(
    "half-greylisted",
    "One of the two addresses of its mail host greets strangers with 451.",
    ["M62"],
    [{}, { greeting: "451 Greylisted\r\n" }],
    UNKNOWN,
    "starttls-greeting-temporary",
  ),
  host(
    "mx-ipv6-refuses",
    "Its mail host answers by IPv4, and refuses by IPv6.",
    ["M62"],
    [{}, { ipv6: true, connection: "refused" }],
    PART,
    "starttls-connection-refused",
  ),
  host("mx-both-families", "Its mail host answers by IPv4 and IPv6.", ["M62"], [{}, { ipv6: true }]),
  host(
    "mx-ipv6-only",
    "Its mail host has an IPv6 address only.",
    ["M62"],
    { ipv6: true },
    { "mx-address": "warn" },
    "mx-address-ipv6-only",
  ),
  host(
    "starttls-at-one-address",
    "Only one address of its mail host offers STARTTLS.",
    ["M62"],
    [{}, { keywords: ["SIZE 100"] }],
    PART,
    "starttls-not-offered",
  ),
  host(
    "mx-certificate-left-behind",
    "At one of two addresses the certificate was not renewed.",
    ["M62", "D2"],
    [{}, { certificate: "expired" }],
    { "mx-certificate": "fail", outcome: "warn" },
    "mx-certificate-left-behind",
  ),
  domain(
    "mx-one-of-two-down",
    "The second of its mail hosts refuses connections.",
    ["M65"],
    {
      mx: [
        [10, "mx1.@"],
        [20, "mx2.@"],
      ],
      mail: { "mx2.@": { connection: "refused" } },
      policy: { mx: ["mx1.@", "mx2.@"] },
    },
    PART,
    "starttls-connection-refused",
  ),
  host(
    "half-resets",
    "One of the two addresses of its mail host breaks off each connection, perhaps with us alone.",
    ["M62"],
    [{}, { connection: "reset" }],
    UNKNOWN,
    "starttls-connection-reset",
  ),
  host(
    "half-silent",
    "One of the two addresses of its mail host says nothing, perhaps to us alone.",
    ["M62"],
    [{}, { greeting: "" }],
    UNKNOWN,
    "starttls-reply-timeout",
  ),
  host(
    "half-unreachable",
    "One of the two addresses of its mail host does not answer to a connection.",
    ["M62"],
    [{}, { connection: "unanswered" }],
    { ...UNKNOWN, outcome: "warn" },
    "starttls-connection-timeout",
  ),
  host(
    "mx-ten-addresses",
    "Its mail host has ten addresses, more than are looked at.",
    ["M65"],
    Array.from({ length: 10 }, () => ({})),
    { starttls: "info", outcome: "info" },
    "outcome-part-unlooked",
  ),
  domain(
    "mx-seventeen-hosts",
    "It has seventeen mail hosts, more than are looked at.",
    ["M65"],
    {
      mx: Array.from({ length: 17 }, (_, i): [number, string] => [10 * (i + 1), `mx${i + 1}.@`]),
      policy: { mx: ["*.mx-seventeen-hosts.test"] },
    },
    { "mta-sts-mx": "warn", "mx-address": "info", outcome: "info" },
    "outcome-part-unlooked",
  ),
  domain(
    "mx-private-address",
    "Its mail host has a private address.",
    ["M62"],
    { names: { "mx1.@": { A: ["10.1.2.3"] } } },
    STOPS,
    "starttls-private-address",
  ),
  domain(
    "mx-loopback-ipv6",
    "Beside a good address its mail host has ::1.",
    ["M62"],
    { names: { "mx1.@": { A: [mailAddress("mx1.mx-loopback-ipv6.test")], AAAA: ["::1"] } } },
    PART,
    "starttls-private-address",
  ),
];

/** STARTTLS (RFC 3207). */
const STARTTLS: WorldDomain[] = [
  host(
    "starttls-not-offered",
    "Its mail host does not offer STARTTLS.",
    ["M62", "S2"],
    { keywords: ["PIPELINING", "SIZE 100"] },
    STOPS,
    "starttls-not-offered",
  ),
  host(
    "starttls-masked",
    "A firewall writes X over STARTTLS.",
    ["S2"],
    { keywords: ["PIPELINING", "XXXXXXXA"] },
    STOPS,
    "starttls-masked",
  ),
  host("starttls-lower-case", "Its mail host writes starttls in lower case, as it may.", ["S2"], {
    keywords: ["pipelining", "starttls"],
  }),
  host(
    "starttls-454",
    "Its mail host offers STARTTLS and answers it with 454.",
    ["S2"],
    { starttls: "454 4.7.0 TLS not available\r\n" },
    STOPS,
    "starttls-temporary",
  ),
  host(
    "starttls-501",
    "Its mail host offers STARTTLS and answers it with 501.",
    ["S2"],
    { starttls: "501 5.5.4 Syntax error\r\n" },
    STOPS,
    "starttls-reply-refused",
  ),
  host(
    "starttls-550",
    "Its mail host offers STARTTLS and answers it with 550.",
    ["S2"],
    { starttls: "550 5.7.0 Not for you\r\n" },
    STOPS,
    "starttls-reply-refused",
  ),
  host(
    "starttls-closes",
    "Its mail host hangs up on STARTTLS.",
    ["S2"],
    { starttls: { say: "", close: true } },
    UNKNOWN,
    "starttls-no-reply",
  ),
  host(
    "starttls-silent",
    "Its mail host does not answer to STARTTLS.",
    ["S2"],
    { starttls: "" },
    UNKNOWN,
    "starttls-no-reply",
  ),
  host(
    "starttls-goes-on-in-the-clear",
    "Its mail host keeps talking plaintext after 220.",
    ["S3", "S6"],
    { starttls: "220 Go ahead\r\n250 and on\r\n" },
    STOPS,
    "starttls-handshake-failed",
  ),
  host(
    "starttls-injection",
    "Its mail host obeys plaintext that came before TLS.",
    ["S3"],
    { injection: "processed" },
    { starttls: "fail" },
    "starttls-injection",
  ),
  host(
    "starttls-injection-refused",
    "Its mail host refuses plaintext that comes together with STARTTLS, as it may.",
    ["S3"],
    { injection: "refused" },
  ),
  host(
    "starttls-inside",
    "Its mail host offers STARTTLS inside TLS.",
    ["S4"],
    { keywordsInside: ["SIZE 100", "STARTTLS"] },
    { starttls: "warn" },
    "starttls-offered-inside",
  ),
  host(
    "starttls-silent-inside",
    "Its mail host hangs up on EHLO inside TLS.",
    ["S5"],
    { ehloInside: { say: "", close: true } },
    UNSEEN_INSIDE,
    "starttls-silent-inside",
  ),
  host(
    "ehlo-inside-silent",
    "Its mail host does not answer to EHLO inside TLS.",
    ["S5"],
    { ehloInside: "" },
    UNSEEN_INSIDE,
    "starttls-silent-inside",
  ),
  host(
    "ehlo-inside-garbage",
    "Its mail host speaks no SMTP inside TLS.",
    ["S5"],
    { ehloInside: "what?\r\n" },
    UNSEEN_INSIDE,
    "starttls-malformed-inside",
  ),
  host(
    "ehlo-inside-421",
    "Its mail host is too busy once TLS is up.",
    ["S5"],
    { ehloInside: { say: "421 4.3.2 Later\r\n", close: true } },
    UNSEEN_INSIDE,
    "starttls-temporary-inside",
  ),
  host(
    "ehlo-inside-502",
    "Its mail host does not know EHLO inside TLS.",
    ["S5"],
    { ehloInside: "502 5.5.1 Not implemented\r\n" },
    { starttls: "fail", outcome: "error" },
    "starttls-ehlo-unknown-inside",
  ),
  host(
    "ehlo-inside-554",
    "Its mail host takes EHLO in the clear, and refuses it inside TLS.",
    ["S5"],
    { ehloInside: "554 5.7.1 No\r\n" },
    { starttls: "fail", outcome: "fail" },
    "starttls-refused-inside",
  ),
  host(
    "mx-demands-certificate",
    "Its mail host ends the session of a sender that shows no certificate of its own.",
    ["S5"],
    { demandsCertificate: true },
    { starttls: "fail", "mx-tls": "skipped", outcome: "fail" },
    "starttls-certificate-demanded",
  ),
  host(
    "requiretls",
    "Its mail host knows REQUIRETLS, inside TLS only.",
    ["Q1"],
    { keywordsInside: ["SIZE 100", "REQUIRETLS"] },
    {},
    "starttls-established",
  ),
  host("without-requiretls", "Its mail host does not know REQUIRETLS, as it may.", ["Q1"], {
    keywordsInside: ["SIZE 100"],
  }),
  host("mx-takes-one-connection", "Its mail host turns us away after the first connection.", ["S2"], { once: true }),
];

/** What a mail host can do before and at STARTTLS. */
export const SMTP_DOMAINS: WorldDomain[] = [...REACHING, ...SOME, ...STARTTLS];
