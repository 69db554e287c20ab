// RFC 5890 §2.3.1, RFC 1035 §2.3.4: letters, digits and inner hyphens, at most 63 octets.
const LDH_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/** True for a label of letters, digits and hyphens, not at its ends. */
export function isLdhLabel(label: string): boolean {
  return LDH_LABEL.test(label);
}

/** True for a host name in ASCII without a trailing dot (RFC 5321 §4.1.2, `Domain`); not for an address. */
export function isHostName(text: string): boolean {
  return text.length <= 253 && text.split(".").every(isLdhLabel) && !looksLikeAddress(text);
}

/** True for what a reader or a URL parser may take for an IP address: 192.0.2.1, 0x7f.1, 2130706433, ::1, [::1]. */
export function looksLikeAddress(text: string): boolean {
  if (/^\[.*\]$/.test(text)) return true;
  if (/^[0-9a-f:.]+(?:%.*)?$/i.test(text) && text.split(":").length > 2) return true;
  const parts = text.replace(/\.$/, "").split(".");
  return parts.length <= 4 && parts.every((part) => /^(?:[0-9]+|0x[0-9a-f]*)$/i.test(part));
}
