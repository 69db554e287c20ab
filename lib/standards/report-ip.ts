import { isIP } from "node:net";

/**
 * True for an IPv4 or IPv6 address as text. It is what `isIP` says; the usual forms are seen here without its long regular
 * expressions, which would take a third of the time of reading a report with many failures.
 */
export function isIpAddress(text: string): boolean {
  return isUsualIpv4(text) || isUsualIpv6(text) || isIP(text) !== 0;
}

const OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const GROUP = "[0-9a-fA-F]{1,4}";
/**
 * The usual forms as part of a pattern: all that it matches is an address. Of those with `::` it matches what has at most
 * four groups before and three behind, as a network of 64 bits and a host in it has.
 */
export const IP_PATTERN = [
  `${OCTET}(?:\\.${OCTET}){3}`,
  `(?:${GROUP}(?::${GROUP}){0,3})?::(?:${GROUP}(?::${GROUP}){0,2})?`,
  `${GROUP}(?::${GROUP}){7}`,
].join("|");

const DOT = 0x2e;
const COLON = 0x3a;

/** What each ASCII letter is in an address: a decimal digit's value, 16 for another hexadecimal digit, or 32 for none. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? 16 : 32;
});

const digitAt = (code: number) => (code < 128 ? (DIGITS[code] as number) : 32);

/** Four numbers up to 255 without leading zeros. */
function isUsualIpv4(text: string): boolean {
  if (text.length > 15) return false;
  let numbers = 0;
  let number = -1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) {
      if (number < 0 || ++numbers > 3) return false;
      number = -1;
      continue;
    }
    const digit = digitAt(code);
    if (digit > 9 || number === 0) return false;
    number = number < 0 ? digit : number * 10 + digit;
    if (number > 255) return false;
  }
  return numbers === 3 && number >= 0;
}

/** Eight groups of up to four digits, or fewer with `::` between two of them. */
function isUsualIpv6(text: string): boolean {
  let groups = 0;
  let digits = 0;
  let gap = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === COLON) {
      if (digits > 0) groups++;
      else if (gap || groups === 0) return false;
      else gap = true;
      digits = 0;
    } else if (digitAt(code) === 32 || ++digits > 4) return false;
  }
  return digits > 0 && (gap ? groups < 7 : groups === 7);
}
