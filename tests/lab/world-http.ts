import { domain, LOOPBACK, type WorldDomain } from "./world-domain.ts";

const FETCH_WRONG = {
  "mta-sts-fetch": "fail",
  "mta-sts-policy": "skipped",
  "mta-sts-mode": "skipped",
  "mta-sts-max-age": "skipped",
  "mta-sts-mx": "skipped",
} as const;
/** Senders that meet the one address have a policy, those that meet the other have none, or another. */
const FETCH_PARTLY = {
  outcome: "warn",
  "mta-sts-fetch": "fail",
  "mta-sts-policy": "pass",
  "mta-sts-mode": "pass",
  "mta-sts-max-age": "pass",
  "mta-sts-mx": "pass",
  "mta-sts-id": "info",
} as const;
const FETCH_ODD = { "mta-sts-fetch": "warn" } as const;

/** Serves the policy hosts as 127.0.0.1 does, but for what they say. */
const SECOND = "127.0.0.3";
/** Addresses of IPv6 that lead to 127.0.0.1, where the lab listens, and to 127.0.0.2, where nobody does. */
const IPV6 = "::ffff:127.0.0.1";
const IPV6_DEAD = "::ffff:127.0.0.2";
const TWO_ADDRESSES = { A: [LOOPBACK, SECOND] };

/** The HTTP side. */
export const HTTP_DOMAINS: WorldDomain[] = [
  domain(
    "policy-redirects",
    "Its policy host redirects to another host.",
    ["M21", "M22"],
    { answer: { status: 302, location: "https://www.provider.test/mta-sts.txt", body: "" } },
    FETCH_WRONG,
    "sts-fetch-redirect",
  ),
  domain(
    "policy-redirects-to-itself",
    "Its policy host redirects to itself.",
    ["M22"],
    { answer: { status: 301, location: "/.well-known/mta-sts.txt/", body: "" } },
    FETCH_WRONG,
    "sts-fetch-redirect",
  ),
  domain(
    "policy-not-found",
    "Its policy host answers 404.",
    ["M20", "M21"],
    { answer: { status: 404, contentType: "text/html", body: "<h1>Not found</h1>" } },
    FETCH_WRONG,
    "sts-fetch-not-found",
  ),
  domain(
    "policy-forbidden",
    "Its policy host answers 403, as a firewall for web sites does.",
    ["M21"],
    { answer: { status: 403, contentType: "text/html", body: "<h1>Robot?</h1>" } },
    FETCH_WRONG,
    "sts-fetch-forbidden",
  ),
  domain(
    "policy-server-error",
    "Its policy host answers 500.",
    ["M21"],
    { answer: { status: 500, body: "" } },
    FETCH_WRONG,
    "sts-fetch-server-error",
  ),
  domain(
    "policy-no-content",
    "Its policy host answers 204, a success without a policy.",
    ["M21"],
    { answer: { status: 204, body: "" } },
    FETCH_WRONG,
    "sts-fetch-status",
  ),
  domain(
    "policy-as-html",
    "Its policy comes as text/html.",
    ["M28"],
    { answer: { contentType: "text/html" } },
    FETCH_ODD,
    "sts-fetch-media-type",
  ),
  domain(
    "policy-without-type",
    "Its policy comes without a media type.",
    ["M28"],
    { answer: { contentType: null } },
    FETCH_ODD,
    "sts-fetch-media-type-missing",
  ),
  domain("policy-in-utf-8", "Its policy comes as text/plain in UTF-8, as it may.", ["M28"], {
    answer: { contentType: 'Text/Plain; Charset="UTF-8"' },
  }),
  domain(
    "policy-in-utf-16",
    "Its policy is declared as UTF-16.",
    ["M28"],
    { answer: { contentType: "text/plain; charset=utf-16" } },
    { "mta-sts-fetch": "info" },
    "sts-fetch-charset",
  ),
  domain(
    "policy-is-html",
    "Its policy host answers with a web page that is declared as text/plain.",
    ["M28", "M42"],
    { policy: "<!doctype html>\n<title>Welcome</title>\n" },
    FETCH_WRONG,
    "sts-policy-html",
  ),
  domain(
    "policy-slow",
    "Its policy host takes more than five seconds.",
    ["M29"],
    { answer: { way: "slow" } },
    FETCH_ODD,
    "sts-fetch-slow",
  ),
  domain(
    "policy-never-comes",
    "Its policy host never answers the request.",
    ["M29"],
    { answer: { way: "never", body: "" } },
    FETCH_WRONG,
    "sts-fetch-response-timeout",
  ),
  domain(
    "policy-too-large",
    "Its policy is one octet too large.",
    ["M29"],
    { policy: (good) => padded(good, 65_537) },
    FETCH_WRONG,
    "sts-fetch-too-large",
  ),
  domain(
    "policy-of-64-kilobytes",
    "Its policy is as large as it may be, by fields that senders ignore.",
    ["M29", "M50"],
    { policy: (good) => padded(good, 65_536) },
    { "mta-sts-policy": "info" },
    "sts-policy-unknown-key",
  ),
  domain("policy-chunked", "Its policy comes in chunks.", ["M29"], {
    answer: { way: "chunked" },
  }),
  domain(
    "policy-incomplete",
    "Its policy breaks off before the announced end.",
    ["M29"],
    { answer: { way: "incomplete" } },
    FETCH_WRONG,
    "sts-fetch-response-incomplete",
  ),
  domain(
    "policy-host-speaks-smtp",
    "Its policy host does not speak HTTP.",
    ["M20"],
    { answer: { way: "garbage", body: "" } },
    FETCH_WRONG,
    "sts-fetch-response-malformed",
  ),
  domain(
    "policy-compressed",
    "Its policy comes compressed, though nobody asked for that.",
    ["M28"],
    { answer: { way: "compressed" } },
    FETCH_WRONG,
    "sts-fetch-encoded",
  ),
  domain("policy-at-two-addresses", "Its policy host has two addresses that serve the same.", ["D2"], {
    addresses: TWO_ADDRESSES,
    host: { at: { [SECOND]: {} } },
  }),
  domain("policy-over-both-families", "Its policy host serves the same over IPv4 and IPv6.", ["D2"], {
    addresses: { A: [LOOPBACK], AAAA: [IPV6] },
  }),
  domain(
    "policy-not-at-second-address",
    "The second address of its policy host answers 404.",
    ["D2", "M21"],
    { addresses: TWO_ADDRESSES, host: { at: { [SECOND]: { answer: { status: 404 } } } } },
    FETCH_PARTLY,
    "sts-fetch-not-found",
  ),
  domain(
    "policy-only-at-second-address",
    "The first address of its policy host redirects; the second serves the policy.",
    ["D2", "M22"],
    {
      addresses: { A: [SECOND, LOOPBACK] },
      host: { at: { [SECOND]: { answer: { status: 301, location: "https://www.provider.test/" } } } },
    },
    { ...FETCH_WRONG, outcome: "warn" },
    "sts-fetch-others-serve",
  ),
  domain(
    "policy-differs-by-address",
    "The addresses of its policy host serve two policies.",
    ["D2", "H1"],
    {
      addresses: TWO_ADDRESSES,
      host: {
        at: { [SECOND]: { answer: { body: "version: STSv1\nmode: testing\nmx: mx9.old.test\nmax_age: 86400\n" } } },
      },
    },
    FETCH_PARTLY,
    "sts-fetch-policy-differs",
  ),
  domain(
    "policy-in-testing-at-first-address",
    "The first address of its policy host still serves the policy in testing; the second has it in enforce.",
    ["D2", "H1"],
    {
      addresses: { A: [SECOND, LOOPBACK] },
      host: {
        at: {
          [SECOND]: {
            answer: {
              body: "version: STSv1\r\nmode: testing\r\nmx: mx1.policy-in-testing-at-first-address.test\r\nmax_age: 2592000\r\n",
            },
          },
        },
      },
    },
    { ...FETCH_PARTLY, "mta-sts-mode": "info" },
    "outcome-policy-differs",
  ),
  domain(
    "policy-text-differs-by-address",
    "The addresses of its policy host serve the same policy with other ends of lines.",
    ["D2"],
    {
      policy: "version: STSv1\nmode: enforce\nmx: mx1.policy-text-differs-by-address.test\nmax_age: 2592000\n",
      addresses: TWO_ADDRESSES,
      host: {
        at: {
          [SECOND]: {
            answer: {
              body: "version: STSv1\r\nmode: enforce\r\nmx: mx1.policy-text-differs-by-address.test\r\nmax_age: 2592000\r\n",
            },
          },
        },
      },
    },
    { "mta-sts-fetch": "info" },
    "sts-fetch-text-differs",
  ),
  domain(
    "policy-over-ipv4-only",
    "Its policy host has an IPv6 address at which nothing listens.",
    ["D2", "B2.8"],
    { addresses: { A: [LOOPBACK], AAAA: [IPV6_DEAD] } },
    FETCH_ODD,
    "sts-fetch-ipv6-fails",
  ),
  domain(
    "policy-over-ipv6-only",
    "Its policy host has an IPv4 address at which nothing listens.",
    ["D2"],
    { addresses: { A: ["127.0.0.2"], AAAA: [IPV6] } },
    FETCH_PARTLY,
    "sts-fetch-ipv4-fails",
  ),
  domain(
    "policy-not-without-agent",
    "Its policy host turns away requests without a User-Agent.",
    ["B2.8", "H7"],
    { host: { answerTo: { nobody: { status: 403, body: "" } } } },
    FETCH_ODD,
    "sts-fetch-agent-refused",
  ),
  domain(
    "policy-not-for-mail-servers",
    "Its policy host breaks off when a mail server asks, as a rule against bots may do.",
    ["B2.8", "H7"],
    { host: { answerTo: { others: { way: "garbage", body: "" } } } },
    FETCH_ODD,
    "sts-fetch-agent-refused",
  ),
  domain(
    "policy-challenges-mail-servers",
    "Its policy host gives mail servers a page to prove that they are browsers, with status 200.",
    ["B2.8", "H7"],
    { host: { answerTo: { others: { contentType: "text/html", body: "<script>prove()</script>" } } } },
    FETCH_ODD,
    "sts-fetch-agent-other-body",
  ),
  domain(
    "policy-not-for-sealpost",
    "Its policy host turns away Sealpost, and serves others.",
    ["B2.8", "M21"],
    { host: { answerTo: { sealpost: { status: 403, body: "" } } } },
    FETCH_WRONG,
    "sts-fetch-agent-served",
  ),
];

function padded(policy: string, size: number): string {
  const start = `${policy}padding: `;
  return `${start}${"x".repeat(size - start.length - 2)}\r\n`;
}
