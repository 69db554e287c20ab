import { describe, expect, it } from "vitest";
import type { Credentials } from "#lib/doors/mailbox-credentials.ts";
import { readCredentials, readMailboxSettings } from "#lib/doors/mailbox-input.ts";
import { Refused } from "#lib/errors.ts";

const DOMAINS = [{ id: "1", name: "example.org" }];
const FIELDS = {
  ...{ host: "imap.example.org", port: "993", security: "tls", user: "reports@example.org", auth: "password" },
  ...{ folder: "INBOX", afterwards: "leave", moveTo: "", tray: "example.org" },
};

function fieldOf(run: () => unknown): string | null {
  try {
    run();
  } catch (error) {
    if (error instanceof Refused) return error.field;
    throw error;
  }
  return "nothing was refused";
}

describe("a mailbox as it was entered", () => {
  it("is taken, with what is usual where nothing is", () => {
    const usual = { host: "imap.example.org", port: 993, folder: "INBOX", moveTo: null, trayDomainId: "1" };
    expect(readMailboxSettings(FIELDS, DOMAINS)).toMatchObject(usual);
    expect(readMailboxSettings({ ...FIELDS, port: "", folder: " " }, DOMAINS)).toMatchObject(usual);
    expect(readMailboxSettings({ ...FIELDS, host: " IMAP.Example.org. " }, DOMAINS)).toMatchObject(usual);
    expect(readMailboxSettings({ ...FIELDS, host: "[2001:db8::1]" }, DOMAINS).host).toBe("2001:db8::1");
    expect(readMailboxSettings({ ...FIELDS, afterwards: "move", moveTo: "Done" }, DOMAINS).moveTo).toBe("Done");
    // A folder that was chosen before and is not wanted now.
    expect(readMailboxSettings({ ...FIELDS, moveTo: "Done" }, DOMAINS).moveTo).toBeNull();
  });

  const BAD: [field: string, change: Record<string, string | undefined>, why: string][] = [
    ["host", { host: "" }, "missing"],
    ["host", { host: "imap.example.org:993" }, "with a port"],
    ["host", { host: "https://imap.example.org" }, "a URL"],
    ["host", { host: "2130706433" }, "an address in other clothes"],
    ["port", { port: "0" }, "no port"],
    ["port", { port: "65536" }, "no port"],
    ["port", { port: "143 ".repeat(2) }, "no number"],
    ["security", { security: "none" }, "nobody signs in without TLS"],
    ["user", { user: " " }, "missing"],
    ["user", { user: "a\r\nb" }, "another command"],
    ["auth", { auth: "cram-md5" }, "unknown"],
    ["folder", { folder: "a\u0000b" }, "a control character"],
    ["folder", { folder: "x".repeat(501) }, "too long"],
    ["afterwards", { afterwards: undefined }, "missing"],
    ["moveTo", { afterwards: "move" }, "missing"],
    ["moveTo", { afterwards: "move", moveTo: "INBOX" }, "the folder itself"],
    ["tray", { tray: "elsewhere.example" }, "not the team's"],
  ];
  it.each(BAD)("is refused for its %s: %j (%s)", (field, change) => {
    expect(fieldOf(() => readMailboxSettings({ ...FIELDS, ...change }, DOMAINS))).toBe(field);
  });
});

describe("what signs in", () => {
  const refresh: Credentials = {
    ...{ kind: "refresh", tokenUrl: "https://login.example/token", clientId: "c", clientSecret: "s", scope: null },
    ...{ refreshToken: "r", accessToken: "a", expiresAt: 1 },
  };
  const entered = { tokenUrl: refresh.tokenUrl, clientId: "c", scope: "" };

  it("is taken as it was typed, blanks and all, and the stored one stays when nothing was typed", () => {
    const stored: Credentials = { kind: "password", password: " old " };
    expect(readCredentials("password", { password: " new " }, stored)).toEqual({ kind: "password", password: " new " });
    expect(readCredentials("password", { password: "" }, stored)).toEqual(stored);
    expect(readCredentials("oauth", { accessToken: "t" }, null)).toEqual({ kind: "token", accessToken: "t" });
    expect(readCredentials("oauth", entered, refresh)).toEqual(refresh);
  });

  it("loses the access token when another refresh token or scope was entered", () => {
    const without = { accessToken: null, expiresAt: null };
    expect(readCredentials("oauth", { ...entered, refreshToken: "new" }, refresh)).toMatchObject(without);
    expect(readCredentials("oauth", { ...entered, scope: "mail" }, refresh)).toMatchObject(without);
  });

  type Bad = ["password" | "oauth", field: string, Record<string, string>, Credentials | null, why: string];
  const BAD: Bad[] = [
    ["password", "password", {}, null, "none"],
    ["password", "password", { password: "" }, refresh, "the stored one is of another kind"],
    ["password", "password", { password: "a\nb" }, null, "a line break"],
    ["oauth", "accessToken", {}, null, "none"],
    ["oauth", "refreshToken", entered, null, "none"],
    [
      "oauth",
      "refreshToken",
      { ...entered, tokenUrl: "https://evil.example/" },
      refresh,
      "the stored one is not for them",
    ],
    ["oauth", "refreshToken", { ...entered, clientId: "other" }, refresh, "the stored one is not for it"],
    ["oauth", "tokenUrl", { ...entered, tokenUrl: "http://login.example/" }, refresh, "not encrypted"],
    ["oauth", "tokenUrl", { ...entered, tokenUrl: "https://a:b@login.example/" }, refresh, "a password in it"],
    ["oauth", "clientId", { ...entered, clientId: "" }, refresh, "missing"],
  ];
  it.each(BAD)("by %s is refused for its %s (%j, %j: %s)", (auth, field, fields, stored) => {
    expect(fieldOf(() => readCredentials(auth, fields, stored))).toBe(field);
  });
});
