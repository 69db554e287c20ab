import { describe, expect, it } from "vitest";
import { smtpDoorSettings } from "#lib/doors/smtp-settings.ts";
import { readSettings, SettingError } from "#lib/settings.ts";

const MAIL = { SEALPOST_MAIL_DOMAIN: "Bücher.example." };
const read = (env: Record<string, string>) => smtpDoorSettings(readSettings(env));

describe("the SMTP door", () => {
  it.each([
    [{}, "SEALPOST_MAIL_DOMAIN"],
    [{ ...MAIL, SEALPOST_SMTP_LISTEN: "" }, "SEALPOST_SMTP_LISTEN"],
  ])("stays closed with %o, and names the setting", (env, name) => {
    expect(read(env)).toEqual({ closed: expect.stringContaining(name) });
  });

  it("is for the mail domain, as the DNS has it", () => {
    expect(read(MAIL)).toMatchObject({
      ...{ host: "127.0.0.1", port: 2525, domain: "xn--bcher-kva.example", certificate: null },
    });
  });

  it.each([
    [{ SEALPOST_SMTP_RELAYS: "relay.example.org" }, "SEALPOST_SMTP_RELAYS"],
    [{ SEALPOST_SMTP_PROXIES: "10.0.0.1/8" }, "SEALPOST_SMTP_PROXIES"],
    [{ SEALPOST_SMTP_CERT: "cert.pem" }, "SEALPOST_SMTP_KEY"],
    [{ SEALPOST_SMTP_KEY: "key.pem" }, "SEALPOST_SMTP_CERT"],
  ])("%o is refused by name", (env, name) => {
    expect(() => read(env)).toThrow(SettingError);
    expect(() => read(env)).toThrow(new RegExp(`^${name}\\b`));
  });

  it.each([
    ["192.0.2.7", true],
    ["::ffff:192.0.2.7", true],
    ["192.0.3.7", false],
    ["2001:db8::7", true],
    ["2001:db9::7", false],
    ["unknown", false],
    [undefined, false],
  ])("knows whether %s is a relay", (address, is) => {
    const door = read({ ...MAIL, SEALPOST_SMTP_RELAYS: "192.0.2.0/24, 2001:db8::/32" });
    expect("closed" in door || door.isRelay(address)).toBe(is);
    expect("closed" in door || door.isProxy(address)).toBe(false);
  });
});
