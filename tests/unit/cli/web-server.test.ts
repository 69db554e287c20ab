import type { Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { webServer } from "#lib/cli/web-server.ts";

let server: Server;
let port = 0;
const open = new Set<Socket>();

beforeAll(async () => {
  server = webServer({
    takes(request, response) {
      if (request.url !== "/door") return false;
      let body = "";
      request.on("data", (bytes) => {
        body += bytes;
      });
      request.on("end", () => response.end(`door took ${body}`));
      return true;
    },
    handle: (request, response) => response.end(`page of ${request.method}`),
    isStopping: () => false,
    mayUpgrade: (request) => request.url === "/changes",
  });
  // As Next does at its first request, whether it has anything to say or not.
  server.on("upgrade", (request, socket) => {
    if (request.url === "/changes") socket.end("HTTP/1.1 101 Switching Protocols\r\n\r\n");
  });
  server.on("connection", (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close().closeAllConnections());

/** All that is answered to some octets, once the other side has closed. */
function answerTo(text: string): Promise<string> {
  return new Promise((done) => {
    let heard = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.on("data", (bytes) => {
      heard += bytes;
    });
    socket.on("error", () => {}).on("close", () => done(heard));
  });
}

const post = (upgrade: string) =>
  `POST /door HTTP/1.1\r\nHost: x\r\nConnection: ${upgrade}, close\r\nContent-Length: 5\r\n\r\nhello`;
const get = (path: string, upgrade: string) =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: ${upgrade}\r\n\r\n`;

it.each([
  ["POST with h2c", post("Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nX: x"), "200"],
  ["GET with websocket", get("/login", "websocket"), "page of GET"],
  ["GET with h2c", get("/login", "h2c"), "page of GET"],
  ["GET where another protocol is spoken", get("/changes", "websocket"), "101 Switching Protocols"],
])("answers a request that would like another protocol: %s", async (_, text, answer) => {
  expect(await answerTo(text)).toContain(answer);
});

it("reads its body, and says that the connection takes no other request", async () => {
  const text =
    "POST /door HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 5\r\n\r\nhello";
  const answer = await answerTo(text);
  expect(answer).toContain("door took hello");
  expect(answer).toMatch(/^connection: close\r$/im);
});

it("closes the sockets of clients that ask for another protocol and leave", async () => {
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      const socket = connect(port, "127.0.0.1", () =>
        socket.write("GET /x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"),
      );
      await new Promise((done) => socket.once("data", done));
      socket.end();
      await new Promise((done) => socket.resume().once("close", done));
    }),
  );
  await expect.poll(() => open.size).toBe(0);
});

it.each([
  ["/lookup/%E0%A4%A", "cut off within a character"],
  ["/teams/%", "no digits"],
  ["/badge/%ff?x=1", "no UTF-8"],
])("%s is not found: %s", async (path) => {
  expect(await answerTo(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 404 /);
});

it.each(["/lookup/b%C3%BCcher.example", "/lookup?domain=%ff", "/door%"])(
  "%s is for the pages, or for a door",
  async (path) => {
    const answer = await answerTo(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer).toContain(path === "/door%" ? "404" : "page of GET");
  },
);
