import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { type Answer, decode, encode, type Packet } from "dns-packet";
import { afterEach, describe, expect, test } from "vitest";
import { LIMITS } from "#lib/probes/limits.ts";
import { a, ask, onStop, QUICK, stopServers, TRUNCATED } from "./own-dns.ts";

afterEach(stopServers);

describe("TCP", () => {
  /** Truncates over UDP and does as told over TCP on the same port. */
  async function serveTcp(onQuery: (write: (octets: Buffer) => void, end: () => void, query: Packet) => void) {
    const tcp = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", (octets: Buffer) => {
        const query = decode(octets.subarray(2));
        onQuery(
          (out) => socket.write(out),
          () => socket.end(),
          query,
        );
      });
    });
    tcp.listen(0, "127.0.0.1");
    await once(tcp, "listening");
    const { port } = tcp.address() as AddressInfo;
    const udp = createSocket("udp4");
    udp.on("message", (octets, from) => {
      const { id, questions } = decode(octets);
      udp.send(encode({ type: "response", id, questions, ...TRUNCATED } as Packet), from.port, from.address);
    });
    udp.bind(port, "127.0.0.1");
    await once(udp, "listening");
    onStop(async () => {
      udp.close();
      await new Promise((done) => tcp.close(done));
    });
    return `127.0.0.1:${port}`;
  }

  function framed(packet: Packet): Buffer {
    const message = encode(packet);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(message.length);
    return Buffer.concat([length, message]);
  }

  const reply = ({ id, questions }: Packet, more: Packet = {}) =>
    framed({ type: "response", id, questions, answers: [a("one.test")], ...more } as Packet);

  test("brings an answer in single octets", async () => {
    const address = await serveTcp((write, _, query) => {
      for (const octet of reply(query)) write(Buffer.from([octet]));
    });
    expect((await ask([address]).a("one.test")).result).toMatchObject({ ok: true, records: ["192.0.2.1"] });
  });

  test("brings a message of 64 KB", async () => {
    const address = await serveTcp((write, _, query) => {
      const answers: Answer[] = Array.from({ length: 250 }, (_, i) => ({
        ...{ type: "TXT", name: "one.test", ttl: 1 },
        data: [Buffer.alloc(235, i)],
      }));
      write(reply(query, { answers }));
    });
    const { result } = await ask([address]).txt("one.test");
    expect(result.ok && result.records.length).toBe(250);
  });

  test.each<[string, string, (write: (octets: Buffer) => void, end: () => void, query: Packet) => void]>([
    ["another id", "malformed", (write, _, query) => write(reply({ ...query, id: ((query.id ?? 0) + 1) & 0xffff }))],
    ["no DNS message", "malformed", (write) => write(Buffer.from("\0\x04HTTP"))],
    ["a message of no octets", "malformed", (write) => write(Buffer.from([0, 0]))],
    ["a truncated answer", "malformed", (write, _, query) => write(reply(query, TRUNCATED))],
    ["an end in the middle", "network", (write, end, query) => [write(reply(query).subarray(0, 20)), end()]],
    ["an end at once", "network", (_, end) => end()],
    ["silence", "timeout", () => {}],
    ["half an answer", "timeout", (write, _, query) => write(reply(query).subarray(0, 20))],
  ])("with %s fails as %s", async (_, failure, onQuery) => {
    const address = await serveTcp(onQuery);
    expect(
      (await ask([address], { limits: failure === "timeout" ? QUICK : LIMITS }).a("one.test")).result,
    ).toMatchObject({ ok: false, failure });
  });
});
