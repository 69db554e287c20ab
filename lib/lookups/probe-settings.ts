import { readFileSync } from "node:fs";
import { parseRange } from "#lib/probes/address-range.ts";
import { parseResolver, systemResolvers } from "#lib/probes/dns-resolvers.ts";
import type { ProbeSettings } from "#lib/probes/probe-settings.ts";
import { SettingError, type Settings } from "#lib/settings.ts";
import { normaliseHost } from "#lib/standards/domain-name.ts";
import { isHostName } from "#lib/standards/host-grammar.ts";

/**
 * How the probes of this process reach the network.
 * @throws SettingError that names the wrong setting
 */
export function probeSettings({ probe, mailDomain, url }: Settings): ProbeSettings {
  for (const text of probe.dns) {
    const parsed = parseResolver(text);
    if (!parsed.ok) throw new SettingError(`SEALPOST_DNS: ${parsed.why}`);
  }
  for (const text of probe.allow) {
    const parsed = parseRange(text);
    if (!parsed.ok) throw new SettingError(`SEALPOST_PROBE_ALLOW: ${parsed.why}`);
  }
  return {
    resolvers: probe.dns.length > 0 ? probe.dns : systemResolvers(),
    httpsPort: probe.httpsPort,
    smtpPort: probe.smtpPort,
    ehloName: ehloName(mailDomain, url),
    extraRoots: probe.caFile === null ? null : readRoots(probe.caFile),
    allow: probe.allow,
  };
}

/** Names that mean something on the local network only (RFC 6761, RFC 6762, RFC 8375, and what routers make up). */
const LOCAL_NAME =
  /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home|corp|private|arpa|test|invalid|example)$/;

/** RFC 5321 §2.3.5: a name that others can resolve; without one the probe gives its address. */
function ehloName(mailDomain: string | null, url: string): string | null {
  const own = normaliseHost(mailDomain ?? "");
  if (isHostName(own)) return own;
  const { hostname } = new URL(url);
  return isHostName(hostname) && hostname.includes(".") && !LOCAL_NAME.test(hostname) ? hostname : null;
}

function readRoots(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new SettingError(`SEALPOST_PROBE_CA_FILE: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  throw new SettingError(`SEALPOST_PROBE_CA_FILE: ${file} holds no certificate in PEM form.`);
}
