import { isIP } from "node:net";

/**
 * True for an IPv4 or IPv6 address as text. It is what `isIP` says; the usual forms are seen here without its long regular
 * expressions, which would take a third of the time of reading a report with many failures.
 */
export function isIpAddress(text: string): boolean {
  return isUsualIpv4(text) || isUsualIpv6(text) || isIP(text) !== 0;
}

const ZERO = 0x30;
const DOT = 0x2e;
const COLON = 0x3a;

/** Four numbers up to 255 without leading zeros. */
function isUsualIpv4(text: string): boolean {
  let numbers = 0;
  let number = -1;
  for (let i = 0; i <= text.length; i++) {
    const code = i === text.length ? DOT : text.charCodeAt(i);
    if (code === DOT) {
      if (number < 0) return false;
      numbers++;
      number = -1;
    } else {
      if (code < ZERO || code > ZERO + 9 || number === 0) return false;
      number = Math.max(number, 0) * 10 + code - ZERO;
      if (number > 255) return false;
    }
  }
  return numbers === 4;
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
    } else {
      const letter = code | 0x20;
      if (!(code >= ZERO && code <= ZERO + 9) && !(letter >= 0x61 && letter <= 0x66)) return false;
      if (++digits > 4) return false;
    }
  }
  return digits > 0 && (gap ? groups < 7 : groups === 7);
}
