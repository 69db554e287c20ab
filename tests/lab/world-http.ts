import { domain, type WorldDomain } from "./world-domain.ts";

const FETCH_WRONG = {
  "mta-sts-fetch": "fail",
  "mta-sts-policy": "skipped",
  "mta-sts-mode": "skipped",
  "mta-sts-max-age": "skipped",
  "mta-sts-mx": "skipped",
} as const;
const FETCH_ODD = { "mta-sts-fetch": "warn" } as const;

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
];

function padded(policy: string, size: number): string {
  const start = `${policy}padding: `;
  return `${start}${"x".repeat(size - start.length - 2)}\r\n`;
}
