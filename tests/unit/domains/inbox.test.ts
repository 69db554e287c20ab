import { expect, it } from "vitest";
import { destinationsOf, reportDestinations } from "#lib/domains/inbox.ts";

const OPEN = { listen: { host: "0.0.0.0", port: 25 } };

it("is reached by HTTPS and by mail", () => {
  const { https, mail } = destinationsOf("token", {
    url: "https://s.example",
    mailDomain: "reports.example",
    smtpDoor: OPEN,
  });
  expect([https.uri, https.obstacle]).toEqual(["https://s.example/api/tls-reports/token", null]);
  expect([mail.uri, mail.obstacle]).toEqual(["mailto:token@reports.example", null]);
});

it("says by which setting it is not reached", () => {
  const { https, mail } = destinationsOf("token", { url: "http://localhost:3000", mailDomain: null, smtpDoor: OPEN });
  expect(https).toMatchObject({ address: "http://localhost:3000/api/tls-reports/token", uri: null });
  expect(https.obstacle).toContain("SEALPOST_URL");
  expect(mail).toMatchObject({ address: null, uri: null, obstacle: expect.stringContaining("SEALPOST_MAIL_DOMAIN") });
});

it.each([
  [
    "https",
    "https://s.example",
    "reports.example",
    ["https://s.example/api/tls-reports/t", "mailto:t@reports.example"],
  ],
  ["mail", "https://s.example", "reports.example", ["mailto:t@reports.example", "https://s.example/api/tls-reports/t"]],
  ["mail", "https://s.example", null, ["https://s.example/api/tls-reports/t"]],
  ["https", "http://s.example", "reports.example", ["mailto:t@reports.example"]],
  ["https", "http://s.example", null, []],
] as const)("is published with %s first (T7), of %s and %s", (first, url, mailDomain, expected) => {
  expect(reportDestinations("t", first, { url, mailDomain, smtpDoor: OPEN })).toEqual(expected);
});
