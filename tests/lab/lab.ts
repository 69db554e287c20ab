import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProbeSettings } from "#lib/probes/probe-settings.ts";
import { type Authority, createAuthority } from "./authority.ts";
import { reply } from "./dns-answers.ts";
import { startDnsServer } from "./dns-server.ts";
import { type MailServer, startMailServer } from "./mail-server.ts";
import { type SeenRequest, startPolicyServer } from "./policy-server.ts";
import { tlsaRecords } from "./tlsa.ts";
import { mailAddressesOf, policyHostsOf, WORLD, zoneOf } from "./world.ts";
import type { WorldDomain } from "./world-domain.ts";
import type { Zone } from "./zone.ts";

export interface LabOptions {
  /** Loopback ports; free ones unless given. */
  dnsPort?: number;
  httpsPort?: number;
  smtpPort?: number;
  /** Milliseconds that a slow policy host takes to answer; over the five seconds that draw a warning (M29). */
  slowness?: number;
  domains?: readonly WorldDomain[];
}

/** A small internet on loopback. */
export interface Lab {
  domains: readonly WorldDomain[];
  settings: ProbeSettings;
  /** The same as environment variables. */
  env: Record<string, string>;
  authority: Authority;
  zone: Zone;
  /** What the policy hosts were asked. */
  requests: SeenRequest[];
  /** Connections that are open at the policy hosts. */
  connections(): number;
  /** What the mail hosts were told, and their connections. */
  mail: Omit<MailServer, "stop">;
  stop(): Promise<void>;
}

const LOOPBACK = "127.0.0.0/8";

/** Starts DNS, policy hosts and mail hosts for the domains of the world. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const domains = options.domains ?? WORLD;
  const zone = zoneOf(domains);
  const authority = await createAuthority();
  for (const set of domains.flatMap(({ tlsa }) => tlsa)) zone.names.set(set.at, await tlsaRecords(set, authority));
  const running: (() => Promise<void>)[] = [];
  const stop = async () => {
    await Promise.all(running.splice(0).map((end) => end()));
  };
  const keep = <T extends { stop(): Promise<void> }>(server: T): T => {
    running.push(() => server.stop());
    return server;
  };
  try {
    const folder = await mkdtemp(join(tmpdir(), "sealpost-lab-"));
    running.push(() => rm(folder, { recursive: true, force: true }));
    const caFile = join(folder, "root.pem");
    await writeFile(caFile, authority.rootPem);
    const { dnsPort = 0, httpsPort = 0, smtpPort = 0, slowness = 6_000 } = options;
    const dns = keep(await startDnsServer((query, transport) => reply(zone, query, transport), dnsPort));
    const policy = keep(await startPolicyServer(policyHostsOf(domains), authority, httpsPort, slowness));
    const mail = keep(await startMailServer(mailAddressesOf(domains), authority, smtpPort));
    const resolver = `127.0.0.1:${dns.port}`;
    return {
      domains,
      settings: {
        resolvers: [resolver],
        httpsPort: policy.port,
        smtpPort: mail.port,
        ehloName: null,
        extraRoots: authority.rootPem,
        allow: [LOOPBACK],
      },
      env: {
        SEALPOST_DNS: resolver,
        SEALPOST_PROBE_HTTPS_PORT: String(policy.port),
        SEALPOST_PROBE_SMTP_PORT: String(mail.port),
        SEALPOST_PROBE_CA_FILE: caFile,
        SEALPOST_PROBE_ALLOW: LOOPBACK,
      },
      authority,
      zone,
      requests: policy.requests,
      connections: policy.connections,
      mail,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
