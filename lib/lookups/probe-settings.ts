import { readFileSync } from "node:fs";
import { parseRange } from "#lib/probes/address-range.ts";
import { parseResolver, systemResolvers } from "#lib/probes/dns-resolvers.ts";
import type { ProbeSettings } from "#lib/probes/probe-settings.ts";
import { SettingError, type Settings } from "#lib/settings.ts";

/**
 * How the probes of this process reach the network.
 * @throws SettingError that names the wrong setting
 */
export function probeSettings({ probe }: Settings): ProbeSettings {
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
    extraRoots: probe.caFile === null ? null : readRoots(probe.caFile),
    allow: probe.allow,
  };
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
