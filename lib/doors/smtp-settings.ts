import { inRange, parseAddress, parseRange } from "#lib/probes/address-range.ts";
import { SettingError, type Settings } from "#lib/settings.ts";
import { normaliseHost } from "#lib/standards/domain-name.ts";

/** Whether an address belongs to some ranges. */
export type Ranges = (address: string | undefined) => boolean;

/** How the SMTP door is to be opened. */
export interface SmtpDoorSettings {
  host: string;
  port: number;
  /** The domain of the report addresses, in lower-case A-labels. */
  domain: string;
  /** PEM files; null for a certificate of our own making. */
  certificate: { cert: string; key: string } | null;
  /** Mail systems of the operator's own. */
  isRelay: Ranges;
  /** Proxies whose connections begin with a PROXY header. */
  isProxy: Ranges;
}

/**
 * How the SMTP door is to be opened, or why it stays closed.
 * @throws SettingError that names the wrong setting
 */
export function smtpDoorSettings({ smtpDoor, mailDomain }: Settings): SmtpDoorSettings | { closed: string } {
  const { listen, relays, proxies, cert, key } = smtpDoor;
  const ranges = {
    isRelay: rangesOf("SEALPOST_SMTP_RELAYS", relays),
    isProxy: rangesOf("SEALPOST_SMTP_PROXIES", proxies),
  };
  if (cert !== null && key === null)
    throw new SettingError("SEALPOST_SMTP_KEY is missing, but SEALPOST_SMTP_CERT is there.");
  if (key !== null && cert === null)
    throw new SettingError("SEALPOST_SMTP_CERT is missing, but SEALPOST_SMTP_KEY is there.");
  if (listen === null) return { closed: "SEALPOST_SMTP_LISTEN is empty" };
  if (mailDomain === null) return { closed: "SEALPOST_MAIL_DOMAIN, the domain of the report addresses, is not set" };
  const certificate = cert === null || key === null ? null : { cert, key };
  return { ...listen, domain: normaliseHost(mailDomain), certificate, ...ranges };
}

function rangesOf(name: string, texts: readonly string[]): Ranges {
  const ranges = texts.map((text) => {
    const parsed = parseRange(text);
    if (!parsed.ok) throw new SettingError(`${name}: ${parsed.why}`);
    return parsed.range;
  });
  return (address = "") => {
    // A listener of both families tells IPv4 addresses as IPv6 ones (RFC 4291 §2.5.5.2).
    const octets = parseAddress(address.replace(/^::ffff:(?=[\d.]+$)/i, ""));
    return octets !== null && ranges.some((range) => inRange(octets, range));
  };
}
