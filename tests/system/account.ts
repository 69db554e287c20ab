import { readFileSync } from "node:fs";
import { join } from "node:path";
import { newSessionCookie } from "#lib/accounts/session-cookie.ts";
import { signUp } from "#lib/accounts/sign-up.ts";
import type { DomainRow } from "#lib/db/domains.ts";
import { membershipIn } from "#lib/db/teams.ts";
import { addDomain } from "#lib/domains/add-domain.ts";
import type { Installation } from "./installation.ts";

/** Somebody with a team and a domain in an installation, signed in. */
export interface Account {
  email: string;
  team: string;
  domain: DomainRow;
  /** Where files are uploaded to. */
  uploads: string;
  headers: { cookie: string };
}

/**
 * Makes an account, its team and a domain, through the product's own code; from now on this process reads the database of
 * that installation. Once per test file: a process has one database.
 */
export async function makeAccount(installation: Installation, domainName = "example.org"): Promise<Account> {
  const { session } = JSON.parse(readFileSync(join(installation.folder, "secrets.json"), "utf8"));
  process.env.DATABASE_URL = installation.databaseUrl();
  process.env.SEALPOST_SECRET = session;
  process.env.SEALPOST_URL = installation.url;
  const email = "ada@example.org";
  const form = { email, name: "Ada", team: "Acme", password: "correct horse battery" };
  const { userId, slug } = await signUp(form, "127.0.0.1");
  const cookie = await newSessionCookie(userId, "127.0.0.1", "system test");
  const membership = await membershipIn(userId, slug);
  const domain = await addDomain(membership?.teamId ?? "", domainName, { userId, label: email });
  return {
    ...{ email, team: slug, domain },
    uploads: `${installation.url}/api/teams/${slug}/domains/${domainName}/reports`,
    headers: { cookie: `${cookie.name}=${cookie.value}` },
  };
}
