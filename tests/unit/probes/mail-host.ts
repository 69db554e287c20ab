import { LIMITS, type ProbeLimits } from "#lib/probes/limits.ts";
import type { ProbeSettings } from "#lib/probes/probe-settings.ts";
import { speakSmtp } from "#lib/probes/smtp.ts";
import type { SmtpFact } from "#lib/probes/smtp-fact.ts";
import { type Authority, createAuthority } from "#tests/lab/authority.ts";
import { type MailHost, mailAddress } from "#tests/lab/mail-host.ts";
import { type MailServer, startMailServer } from "#tests/lab/mail-server.ts";

/** For hosts that never come to an end. */
export const QUICK: ProbeLimits = {
  ...LIMITS,
  ...{ connect: 1_000, tlsHandshake: 1_000, legacyTls: 1_000, smtpGreeting: 1_000, smtpReply: 1_000, smtpQuit: 100 },
};

/** Mail hosts on loopback, as they are described by name. */
export interface MailHosts {
  server: MailServer;
  authority: Authority;
  settings: ProbeSettings;
  speak(name: string, limits?: ProbeLimits, base?: string): Promise<SmtpFact>;
}

export async function startMailHosts(hosts: Record<string, MailHost>): Promise<MailHosts> {
  const authority = await createAuthority();
  const addresses = Object.entries(hosts).map(([name, host]) => ({ address: mailAddress(name), name, host }));
  const server = await startMailServer(addresses, authority, 0);
  const settings: ProbeSettings = {
    ...{ resolvers: [], httpsPort: 443, smtpPort: server.port, ehloName: null, extraRoots: authority.rootPem },
    allow: ["127.0.0.0/8", "::1/128"],
  };
  const speak = (name: string, limits = LIMITS, base: string | null = null) =>
    speakSmtp(name, mailAddress(name), settings, { limits, base });
  return { server, authority, settings, speak };
}
