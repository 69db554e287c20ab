import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { connect } from "node:tls";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { readClientHello } from "#tests/lab/client-hello.ts";

let hello: Buffer;
let withoutName: Buffer;
beforeAll(async () => {
  hello = await recordHello("mta-sts.Healthy.test");
  withoutName = await recordHello(undefined);
});

/** The first octets that Node's own client sends. */
async function recordHello(servername: string | undefined): Promise<Buffer> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect({
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    ...(servername ? { servername } : {}),
  });
  client.on("error", () => {});
  const [socket] = await once(server, "connection");
  let octets = Buffer.alloc(0);
  while (readClientHello(octets).state === "incomplete") {
    const [chunk] = await once(socket, "data");
    octets = Buffer.concat([octets, chunk]);
  }
  client.destroy();
  socket.destroy();
  server.close();
  return octets;
}

test("the name in SNI is found, in lower case", () => {
  expect(readClientHello(hello)).toEqual({ state: "hello", serverName: "mta-sts.healthy.test" });
  expect(readClientHello(withoutName)).toEqual({ state: "hello", serverName: null });
});

test("a part of it is not enough", () => {
  for (let length = 0; length < hello.length; length++) {
    expect(readClientHello(hello.subarray(0, length)).state).toBe("incomplete");
  }
});

test("it may be cut into records", () => {
  const parts: Buffer[] = [];
  for (let at = 5; at < hello.length; at += 100) {
    const part = hello.subarray(at, at + 100);
    parts.push(Buffer.from([22, 3, 1, part.length >> 8, part.length & 0xff]), part);
  }
  expect(readClientHello(Buffer.concat(parts))).toMatchObject({ serverName: "mta-sts.healthy.test" });
});

test("other protocols are none", () => {
  expect(readClientHello(Buffer.from("GET / HTTP/1.1\r\n")).state).toBe("not-tls");
  expect(readClientHello(Buffer.from([22, 3, 1, 0, 4, 2, 0, 0, 0])).state).toBe("not-tls");
});

test("broken octets do not throw", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(hello.length - 1), fc.nat(255)), { maxLength: 8 }), (mutations) => {
      const broken = Buffer.from(hello);
      for (const [at, value] of mutations) broken[at] = value;
      readClientHello(broken);
    }),
    { numRuns: 500 },
  );
});
