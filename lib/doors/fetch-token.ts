import { z } from "zod";
import { postForm } from "#lib/probes/http-get.ts";
import { askOverTls, timingOf } from "#lib/probes/https-connect.ts";
import { LIMITS } from "#lib/probes/limits.ts";
import type { ProbeSettings } from "#lib/probes/probe-settings.ts";
import type { RefreshCredentials } from "./mailbox-credentials.ts";
import { certificateFault, MailboxFault, serverSaid } from "./mailbox-fault.ts";
import { reachHost } from "./reach-host.ts";

const TOTAL_MS = 30_000;
/** Asked for anew this long before its end, so that none ends on its way. */
const SPARE_MS = 60_000;
/** RFC 6749 §5.1 leaves `expires_in` out where both sides know it; an hour is what the large providers give. */
const USUAL_SECONDS = 3_600;

const answer = z.object({
  access_token: z.string().min(1).max(16_384),
  expires_in: z.coerce.number().positive().max(31_536_000).optional().catch(undefined),
  refresh_token: z.string().min(1).max(16_384).optional().catch(undefined),
});
const refusal = z.object({ error: z.string(), error_description: z.string().optional().catch(undefined) });

/** True when the access token is there and still good for a while. */
export function hasToken({ accessToken, expiresAt }: RefreshCredentials, now: number): boolean {
  return accessToken !== null && expiresAt !== null && expiresAt - SPARE_MS > now;
}

/**
 * Fetches an access token with a refresh token (RFC 6749 §6). The token endpoint is reached as every host that people
 * name: guarded, with a trusted certificate, without redirects, and no more than 64 kB of its answer is read.
 * @returns the credentials with the new token, and with the new refresh token where there is one
 * @throws MailboxFault
 */
export async function fetchToken(
  credentials: RefreshCredentials,
  probes: ProbeSettings,
  signal?: AbortSignal,
): Promise<RefreshCredentials> {
  const { clientId, clientSecret, refreshToken, scope } = credentials;
  const form = new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken, client_id: clientId });
  if (clientSecret !== null) form.set("client_secret", clientSecret);
  if (scope !== null) form.set("scope", scope);
  const { status, body } = await post(new URL(credentials.tokenUrl), form.toString(), probes, signal);
  const json = parse(body);
  const given = answer.safeParse(json);
  if (status === 200 && given.success) {
    const { access_token, expires_in = USUAL_SECONDS, refresh_token } = given.data;
    return {
      ...credentials,
      accessToken: access_token,
      expiresAt: Date.now() + expires_in * 1_000,
      refreshToken: refresh_token ?? refreshToken,
    };
  }
  const { host } = new URL(credentials.tokenUrl);
  const refused = refusal.safeParse(json);
  if (refused.success) {
    const { error, error_description: words } = refused.data;
    const said = serverSaid([error, words].filter(Boolean).join(": "));
    throw new MailboxFault("token-refused", `${host} refuses a new access token${said}.`);
  }
  throw new MailboxFault("token-refused", `${host} gives no access token: its answer has status ${status}.`);
}

async function post(url: URL, form: string, probes: ProbeSettings, signal: AbortSignal | undefined) {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port || 443);
  const timing = timingOf(LIMITS, TOTAL_MS, signal);
  const raw = await reachHost({ host, port }, probes, signal);
  const path = `${url.pathname}${url.search}`;
  const asking = { host: url.host, path, form, timeout: timing.within(TOTAL_MS), signal };
  const {
    tls,
    answer: http,
    failure,
  } = await askOverTls(raw, host, probes, timing, (socket) => postForm(socket, asking));
  if (failure !== null)
    throw new MailboxFault("token-refused", `${url.host} gives no access token: ${failure.detail}.`);
  if (http !== null) return { status: http.status, body: http.tooLarge ? "" : http.body };
  const why = tls?.chainError
    ? (certificateFault(tls.chainError.code) ?? tls.chainError.message)
    : "it is for another name";
  throw new MailboxFault("certificate", `The certificate of ${host} is not believed: ${why}.`);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(Buffer.from(body, "latin1").toString("utf8"));
  } catch {
    return null;
  }
}
