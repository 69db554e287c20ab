/** The addresses, each once, in the order in which a sender tries them: the families take turns, IPv6 first (RFC 8305 §4). */
export function inTurns(addresses: readonly string[]): string[] {
  const unique = [...new Set(addresses)];
  const six = unique.filter((address) => address.includes(":"));
  const four = unique.filter((address) => !address.includes(":"));
  const pairs = Array.from({ length: Math.max(six.length, four.length) }, (_, i) => [six[i], four[i]]);
  return pairs.flat().filter((address) => address !== undefined);
}
