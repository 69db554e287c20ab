import { z } from "zod";

/** A setting that cannot be used. The message names it and says what would be right; it is meant for the operator. */
export class SettingError extends Error {
  override name = "SettingError";
}

export type Settings = ReturnType<typeof readSettings>;

const text = (fallback: string) => z.string().trim().default(fallback);
const optional = z
  .string()
  .trim()
  .optional()
  .transform((value) => value || null);
const port = (fallback: number) =>
  z.coerce
    .number("has to be a port number")
    .int()
    .min(1, "has to be a port above 0")
    .max(65_535, "has to be a port below 65536")
    .default(fallback);
/** Where to listen: `host:port`, with brackets around an IPv6 address. */
const listen = (fallback: string) =>
  text(fallback).transform((value, context) => {
    if (value === "") return null;
    const parts = /^(?:\[(?<six>[\da-f:.]+)\]|(?<host>[^:[\]\s]+)):(?<port>\d{1,5})$/i.exec(value)?.groups;
    const host = parts?.six ?? parts?.host;
    const port = Number(parts?.port);
    if (host !== undefined && port > 0 && port < 65_536) return { host, port };
    context.addIssue({ code: "custom", message: "has to be an address and a port, such as 127.0.0.1:2525 or [::]:25" });
    return z.NEVER;
  });
const list = (fallback: string) =>
  text(fallback).transform((value) =>
    value
      .split(/[\s,]+/)
      .map((entry) => entry.trim())
      .filter(Boolean),
  );

/** Each setting, its default and its rule. README.md lists them for the operator. */
const schema = z.object({
  SEALPOST_DATA: text("./data"),
  DATABASE_URL: optional.refine(
    (value) => value === null || (/^postgres(ql)?:\/\//.test(value) && URL.canParse(value)),
    "has to start with postgresql:// (or stay unset, and Sealpost brings its own PostgreSQL)",
  ),
  SEALPOST_URL: optional.refine(
    (value) => value === null || (/^https?:\/\//.test(value) && URL.canParse(value)),
    "has to be the address that people type, such as https://sealpost.example.org",
  ),
  PORT: port(3000),
  HOST: text("localhost"),
  SEALPOST_SECRET: optional.refine(
    (value) => value === null || value.length >= 32,
    "has to have at least 32 characters (or stay unset, and Sealpost makes one)",
  ),
  SEALPOST_TRUSTED_PROXIES: list("127.0.0.0/8,::1/128"),
  SEALPOST_MAIL_DOMAIN: optional,
  SEALPOST_SMTP_LISTEN: listen("127.0.0.1:2525"),
  SEALPOST_SMTP_RELAYS: list(""),
  SEALPOST_SMTP_PROXIES: list(""),
  SEALPOST_SMTP_CERT: optional,
  SEALPOST_SMTP_KEY: optional,
  SEALPOST_SIGNUP: z.enum(["first", "open"], 'has to be "first" or "open"').default("first"),
  SMTP_URL: optional.refine(
    (value) => value === null || (/^smtps?:\/\//.test(value) && URL.canParse(value)),
    "has to start with smtp:// or smtps://",
  ),
  SEALPOST_MAIL_FROM: optional,
  SEALPOST_OIDC_ISSUER: optional.refine(
    (value) => value === null || (/^https?:\/\//.test(value) && URL.canParse(value)),
    "has to be the issuer's address, such as https://login.example.org",
  ),
  SEALPOST_OIDC_CLIENT_ID: optional,
  SEALPOST_OIDC_CLIENT_SECRET: optional,
  SEALPOST_OIDC_NAME: text("Single sign-on"),
  SEALPOST_DNS: list(""),
  SEALPOST_PROBE_SMTP_PORT: port(25),
  SEALPOST_PROBE_HTTPS_PORT: port(443),
  SEALPOST_PROBE_CA_FILE: optional,
  SEALPOST_PROBE_ALLOW: list(""),
});

/** Settings whose empty value says something: everywhere else `PORT= npm start` means the default. */
const MEANS_OFF = ["SEALPOST_SMTP_LISTEN"];

/**
 * Reads and validates every setting from an environment.
 * @throws SettingError that names the first wrong setting
 */
export function readSettings(env: Record<string, string | undefined>) {
  const given = Object.fromEntries(
    Object.entries(env).filter(([name, value]) => value !== undefined && (value !== "" || MEANS_OFF.includes(name))),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0] ?? "");
    throw new SettingError(`${name} ${issue?.message ?? "is not valid"}; ${describe(name, given[name] ?? "")}.`);
  }
  const value = parsed.data;
  const oidc = oidcSettings(value);
  return {
    dataFolder: value.SEALPOST_DATA,
    databaseUrl: value.DATABASE_URL,
    url: (value.SEALPOST_URL ?? `http://localhost:${value.PORT}`).replace(/\/+$/, ""),
    port: value.PORT,
    host: value.HOST,
    secret: value.SEALPOST_SECRET,
    trustedProxies: value.SEALPOST_TRUSTED_PROXIES,
    mailDomain: value.SEALPOST_MAIL_DOMAIN,
    smtpDoor: {
      listen: value.SEALPOST_SMTP_LISTEN,
      relays: value.SEALPOST_SMTP_RELAYS,
      proxies: value.SEALPOST_SMTP_PROXIES,
      cert: value.SEALPOST_SMTP_CERT,
      key: value.SEALPOST_SMTP_KEY,
    },
    signup: value.SEALPOST_SIGNUP,
    smtpUrl: value.SMTP_URL,
    mailFrom: value.SEALPOST_MAIL_FROM,
    oidc,
    probe: {
      dns: value.SEALPOST_DNS,
      smtpPort: value.SEALPOST_PROBE_SMTP_PORT,
      httpsPort: value.SEALPOST_PROBE_HTTPS_PORT,
      caFile: value.SEALPOST_PROBE_CA_FILE,
      allow: value.SEALPOST_PROBE_ALLOW,
    },
  };
}

/** Names that look like settings but are none, e.g. a misspelt one; the operator is told at the start. */
export function unknownSettings(env: Record<string, string | undefined>): string[] {
  return Object.keys(env).filter((name) => name.startsWith("SEALPOST_") && !(name in schema.shape));
}

let known: Settings | undefined;

/** The settings of this process, read once. */
export function settings(): Settings {
  known ??= readSettings(process.env);
  return known;
}

function oidcSettings(value: z.infer<typeof schema>) {
  const issuer = value.SEALPOST_OIDC_ISSUER;
  const clientId = value.SEALPOST_OIDC_CLIENT_ID;
  const clientSecret = value.SEALPOST_OIDC_CLIENT_SECRET;
  if (!issuer && !clientId && !clientSecret) return null;
  if (!issuer) throw new SettingError("SEALPOST_OIDC_ISSUER is missing, but other SEALPOST_OIDC_ settings are there.");
  if (!clientId) throw new SettingError("SEALPOST_OIDC_CLIENT_ID is missing, but SEALPOST_OIDC_ISSUER is there.");
  if (!clientSecret)
    throw new SettingError("SEALPOST_OIDC_CLIENT_SECRET is missing, but SEALPOST_OIDC_ISSUER is there.");
  return { issuer: issuer.replace(/\/+$/, ""), clientId, clientSecret, name: value.SEALPOST_OIDC_NAME };
}

/** Passwords stand in these; they must not end up in a log. */
const SECRET = /SECRET|_URL$/;

function describe(name: string, value: string): string {
  if (SECRET.test(name) && name !== "SEALPOST_URL") return `it has ${value.length} characters, which are not shown`;
  return `it is "${value.length > 40 ? `${value.slice(0, 12)}…` : value}"`;
}
