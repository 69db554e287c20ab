import { describe, expect, it } from "vitest";
import { readSettings, SettingError, unknownSettings } from "#lib/settings.ts";

describe("readSettings", () => {
  it("has a default for each on an empty environment", () => {
    expect(readSettings({})).toMatchObject({
      ...{ dataFolder: "./data", databaseUrl: null, url: "http://localhost:3000", port: 3000, host: "localhost" },
      ...{ signup: "first", oidc: null, smtpUrl: null },
      smtpDoor: { listen: { host: "127.0.0.1", port: 2525 }, relays: [], proxies: [], cert: null, key: null },
      probe: { dns: [], httpsPort: 443, smtpPort: 25, caFile: null, allow: [] },
    });
  });

  it("takes an empty variable as an unset one", () => {
    expect(readSettings({ PORT: "", SEALPOST_URL: "" }).url).toBe("http://localhost:3000");
  });

  it.each([
    ["", null],
    [" ", null],
    ["0.0.0.0:25", { host: "0.0.0.0", port: 25 }],
    ["[::]:25", { host: "::", port: 25 }],
    ["mail.example.org:2525", { host: "mail.example.org", port: 2525 }],
  ])("opens the SMTP door at %o", (listen, place) => {
    expect(readSettings({ SEALPOST_SMTP_LISTEN: listen }).smtpDoor.listen).toEqual(place);
  });

  it.each([
    [{ SEALPOST_SMTP_LISTEN: "2525" }, "SEALPOST_SMTP_LISTEN"],
    [{ SEALPOST_SMTP_LISTEN: ":2525" }, "SEALPOST_SMTP_LISTEN"],
    [{ SEALPOST_SMTP_LISTEN: "::1:2525" }, "SEALPOST_SMTP_LISTEN"],
    [{ SEALPOST_SMTP_LISTEN: "localhost:0" }, "SEALPOST_SMTP_LISTEN"],
    [{ SEALPOST_SMTP_LISTEN: "localhost:65536" }, "SEALPOST_SMTP_LISTEN"],
    [{ PORT: "3x" }, "PORT"],
    [{ PORT: "0" }, "PORT"],
    [{ PORT: "70000" }, "PORT"],
    [{ SEALPOST_URL: "sealpost.example.org" }, "SEALPOST_URL"],
    [{ DATABASE_URL: "mysql://localhost/x" }, "DATABASE_URL"],
    [{ SEALPOST_SIGNUP: "yes" }, "SEALPOST_SIGNUP"],
    [{ SMTP_URL: "localhost:25" }, "SMTP_URL"],
    [{ SEALPOST_SECRET: "short" }, "SEALPOST_SECRET"],
    [{ SEALPOST_PROBE_HTTPS_PORT: "https" }, "SEALPOST_PROBE_HTTPS_PORT"],
    [{ SEALPOST_OIDC_ISSUER: "https://login.example.org" }, "SEALPOST_OIDC_CLIENT_ID"],
    [{ SEALPOST_OIDC_CLIENT_ID: "a", SEALPOST_OIDC_CLIENT_SECRET: "b" }, "SEALPOST_OIDC_ISSUER"],
  ])("%o is refused by name", (env, name) => {
    expect(() => readSettings(env)).toThrow(SettingError);
    expect(() => readSettings(env)).toThrow(new RegExp(`^${name} `));
  });

  it("does not write a long wrong value, which may be a secret, whole into the message", () => {
    const secret = `postgres//user:${"x".repeat(60)}@host`;
    expect(() => readSettings({ DATABASE_URL: secret })).not.toThrow(secret);
  });

  it("splits lists at commas and blanks, and drops the slash at an address's end", () => {
    const { probe, url } = readSettings({ SEALPOST_DNS: "127.0.0.1:53, [::1]:53", SEALPOST_URL: "https://a.example/" });
    expect(probe.dns).toEqual(["127.0.0.1:53", "[::1]:53"]);
    expect(url).toBe("https://a.example");
  });
});

describe("unknownSettings", () => {
  it("names what looks like a setting and is none", () => {
    expect(unknownSettings({ SEALPOST_SINGUP: "open", SEALPOST_DNS: "x", PATH: "y" })).toEqual(["SEALPOST_SINGUP"]);
  });
});
