import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** What the issuer's page can be told to do wrong. */
export const FAULTS = ["none", "nonce", "signature", "audience", "issuer", "expiry", "code"] as const;
export type Fault = (typeof FAULTS)[number];

/** An OpenID Connect issuer on loopback, as small as the protocol allows: whoever comes says who they are. */
export interface Issuer {
  url: string;
  stop(): Promise<void>;
}

interface Grant {
  claims: Record<string, unknown>;
  fault: Fault;
  challenge: string;
  redirectUri: string;
}

export const CLIENT = { id: "sealpost-under-test", secret: "a secret & 100% odd" };

/** Starts the issuer: authorisation code with PKCE and nonce, ID tokens in RS256, discovery and JWKS. */
export async function startIssuer(port: number): Promise<Issuer> {
  const url = `http://127.0.0.1:${port}`;
  const [own, foreign] = [newKey(), newKey()];
  const grants = new Map<string, Grant>();
  const routes: Record<string, (request: IncomingMessage, response: ServerResponse, query: URLSearchParams) => void> = {
    "/.well-known/openid-configuration": (_, response) =>
      json(response, {
        ...{ issuer: url, authorization_endpoint: `${url}/authorize`, token_endpoint: `${url}/token` },
        ...{ jwks_uri: `${url}/jwks`, response_types_supported: ["code"], subject_types_supported: ["public"] },
        ...{ id_token_signing_alg_values_supported: ["RS256"], code_challenge_methods_supported: ["S256"] },
      }),
    "/jwks": (_, response) =>
      json(response, { keys: [{ ...own.publicKey.export({ format: "jwk" }), kid: "1", alg: "RS256", use: "sig" }] }),
    "/authorize": (_, response, query) => {
      const wrong = query.get("client_id") !== CLIENT.id || query.get("code_challenge_method") !== "S256";
      if (wrong || !query.get("nonce") || !query.get("state")) return json(response, { error: "invalid_request" }, 400);
      response.setHeader("content-type", "text/html; charset=utf-8").end(page(query));
    },
    "/consent": (_, response, query) => {
      const code = randomBytes(16).toString("hex");
      const fault = FAULTS.find((known) => known === query.get("fault")) ?? "none";
      const seconds = Math.floor(Date.now() / 1000);
      const claims = {
        iss: fault === "issuer" ? "https://evil.example" : url,
        aud: fault === "audience" ? "somebody-else" : CLIENT.id,
        ...{ iat: seconds, exp: fault === "expiry" ? seconds - 3_600 : seconds + 300 },
        nonce: fault === "nonce" ? "of another browser" : query.get("nonce"),
        ...{ sub: query.get("sub"), email: query.get("email"), name: query.get("name") },
        email_verified: query.get("verified") === "on",
      };
      const redirectUri = query.get("redirect_uri") ?? "";
      grants.set(code, { claims, fault, challenge: query.get("code_challenge") ?? "", redirectUri });
      const back = new URL(redirectUri);
      back.search = String(
        new URLSearchParams({ code: fault === "code" ? "made-up" : code, state: query.get("state") ?? "" }),
      );
      response.writeHead(302, { location: back.href }).end();
    },
    "/token": async (request, response) => {
      const form = new URLSearchParams(await bodyOf(request));
      const grant = grants.get(form.get("code") ?? "");
      grants.delete(form.get("code") ?? ""); // RFC 6749 §4.1.2: a code works once
      const verifier = createHash("sha256")
        .update(form.get("code_verifier") ?? "")
        .digest("base64url");
      // RFC 6749 §2.3.1: id and secret are form-encoded first.
      const basic = Buffer.from((request.headers.authorization ?? "").replace(/^Basic /, ""), "base64").toString();
      const known = basic === [CLIENT.id, CLIENT.secret].map(formEncoded).join(":");
      const matches = verifier === grant?.challenge && form.get("redirect_uri") === grant.redirectUri;
      if (!known || grant === undefined || !matches) return json(response, { error: "invalid_grant" }, 400);
      const key = grant.fault === "signature" ? foreign : own;
      json(response, { access_token: "none", token_type: "Bearer", id_token: token(grant.claims, key.privateKey) });
    },
  };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", url);
    const route = routes[pathname];
    if (route === undefined) json(response, { error: "not found" }, 404);
    else route(request, response, searchParams);
  });
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  return { url, stop: () => new Promise((done) => server.close(() => done())) };
}

/** The page on which a person says who they are; all that the client asked for goes along. */
function page(query: URLSearchParams): string {
  const escaped = (text: string) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
  const hidden = [...query].map(
    ([name, value]) => `<input type=hidden name="${escaped(name)}" value="${escaped(value)}">`,
  );
  const options = FAULTS.map((fault) => `<option>${fault}</option>`).join("");
  return `<!doctype html><html lang=en><title>Issuer</title><h1>Who are you?</h1><form action=/consent>${hidden.join("")}
    <label>Subject <input name=sub></label><label>Address <input name=email></label><label>Name <input name=name></label>
    <label>Verified <input type=checkbox name=verified checked></label>
    <label>Fault <select name=fault>${options}</select></label><button>Go on</button></form>`;
}

function newKey() {
  return generateKeyPairSync("rsa", { modulusLength: 2048 });
}

function token(claims: object, key: KeyObject): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const signed = `${encode({ alg: "RS256", kid: "1", typ: "JWT" })}.${encode(claims)}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}`;
}

function formEncoded(text: string): string {
  return String(new URLSearchParams({ "": text })).slice(1);
}

function json(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
