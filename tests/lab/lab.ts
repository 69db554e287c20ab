import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProbeSettings } from "#lib/probes/probe-settings.ts";
import { type Authority, createAuthority } from "./authority.ts";
import { reply } from "./dns-answers.ts";
import { startDnsServer } from "./dns-server.ts";
import { startMailServer } from "./mail-server.ts";
import { type SeenRequest, startPolicyServer } from "./policy-server.ts";
import { policyHostsOf, WORLD, zoneOf } from "./world.ts";
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
  stop(): Promise<void>;
}

const LOOPBACK = "127.0.0.0/8";

/** Starts DNS, policy hosts and mail hosts for the domains of the world. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const domains = options.domains ?? WORLD;
  const zone = zoneOf(domains);
  const authority = await createAuthority();
  const folder = await mkdtemp(join(tmpdir(), "sealpost-lab-"));
  const caFile = join(folder, "root.pem");
  await writeFile(caFile, authority.rootPem);
  const dns = await startDnsServer((query, transport) => reply(zone, query, transport), options.dnsPort ?? 0);
  const slowness = options.slowness ?? 6_000;
  const policy = await startPolicyServer(policyHostsOf(domains), authority, options.httpsPort ?? 0, slowness);
  const mail = await startMailServer(authority, options.smtpPort ?? 0);
  const settings: ProbeSettings = {
    resolvers: [`127.0.0.1:${dns.port}`],
    httpsPort: policy.port,
    smtpPort: mail.port,
    extraRoots: authority.rootPem,
    allow: [LOOPBACK],
  };
  return {
    domains,
    settings,
    env: {
      SEALPOST_DNS: `127.0.0.1:${dns.port}`,
      SEALPOST_PROBE_HTTPS_PORT: String(policy.port),
      SEALPOST_PROBE_SMTP_PORT: String(mail.port),
      SEALPOST_PROBE_CA_FILE: caFile,
      SEALPOST_PROBE_ALLOW: LOOPBACK,
    },
    authority,
    zone,
    requests: policy.requests,
    connections: policy.connections,
    stop: async () => {
      await Promise.all([dns.stop(), policy.stop(), mail.stop(), rm(folder, { recursive: true, force: true })]);
    },
  };
}
