const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Text from octets that are carried as one char each (latin1): as UTF-8 where they are UTF-8, otherwise as they are. */
export function textOfOctets(octets: string): { text: string; utf8: boolean } {
  const bytes = new Uint8Array(octets.length);
  for (let i = 0; i < octets.length; i++) {
    const code = octets.charCodeAt(i);
    // Not octets but text already: nothing to decode.
    if (code > 0xff) return { text: octets, utf8: true };
    bytes[i] = code;
  }
  try {
    return { text: strictUtf8.decode(bytes), utf8: true };
  } catch {
    return { text: octets, utf8: false };
  }
}
