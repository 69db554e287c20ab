/** What the first octets of a TLS connection say: not yet enough, no TLS at all, or the name in SNI (null without). */
export type HelloReading =
  | { state: "incomplete" }
  | { state: "not-tls" }
  | { state: "hello"; serverName: string | null };

const RECORD_HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const EXTENSION_SERVER_NAME = 0;

/** Reads the server name from a ClientHello (RFC 8446 §4.1.2, RFC 6066 §3), which may be spread over several records. */
export function readClientHello(octets: Buffer): HelloReading {
  const fragments: Buffer[] = [];
  for (let offset = 0; offset + 5 <= octets.length; ) {
    if (octets[offset] !== RECORD_HANDSHAKE) return { state: "not-tls" };
    const end = offset + 5 + octets.readUInt16BE(offset + 3);
    fragments.push(octets.subarray(offset + 5, Math.min(end, octets.length)));
    offset = end;
  }
  const handshake = Buffer.concat(fragments);
  if (handshake.length < 4)
    return { state: octets.length > 0 && octets[0] !== RECORD_HANDSHAKE ? "not-tls" : "incomplete" };
  if (handshake[0] !== CLIENT_HELLO) return { state: "not-tls" };
  const length = handshake.readUIntBE(1, 3);
  if (handshake.length < 4 + length) return { state: "incomplete" };
  return { state: "hello", serverName: serverNameOf(handshake.subarray(4, 4 + length)) };
}

function serverNameOf(hello: Buffer): string | null {
  try {
    let offset = 2 + 32; // version, random
    offset += 1 + hello.readUInt8(offset); // session id
    offset += 2 + hello.readUInt16BE(offset); // cipher suites
    offset += 1 + hello.readUInt8(offset); // compression methods
    const end = offset + 2 + hello.readUInt16BE(offset);
    offset += 2;
    while (offset + 4 <= end) {
      const next = offset + 4 + hello.readUInt16BE(offset + 2);
      if (hello.readUInt16BE(offset) === EXTENSION_SERVER_NAME) {
        // list length (2), type (1), name length (2), name
        const nameStart = offset + 4 + 5;
        return hello.toString("latin1", nameStart, nameStart + hello.readUInt16BE(offset + 4 + 3)).toLowerCase();
      }
      offset = next;
    }
  } catch {
    // Lengths that lead out of the message: no name then.
  }
  return null;
}
