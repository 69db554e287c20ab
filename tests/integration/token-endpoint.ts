import { once } from "node:events";
import { createServer } from "node:https";
import type { Authority } from "#tests/lab/authority.ts";

/** What a token endpoint answers. */
export interface TokenAnswer {
  status: number;
  body: object;
}

/** A token endpoint (RFC 6749 §3.2) on loopback, with a good certificate for a name; it keeps the forms that it gets. */
export async function serveTokens(authority: Authority, name: string, answer: () => TokenAnswer) {
  const forms: Record<string, string>[] = [];
  const server = createServer(await authority.issue("good", name), (request, response) => {
    let form = "";
    request.on("data", (part) => {
      form += part;
    });
    request.on("end", () => {
      forms.push(Object.fromEntries(new URLSearchParams(form)));
      const { status, body } = answer();
      const headers = { "content-type": "application/json", location: "https://elsewhere.example/" };
      response.writeHead(status, headers).end(JSON.stringify(body));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `https://${name}:${port}/token`,
    forms,
    stop: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
