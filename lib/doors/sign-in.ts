import type { ImapFlow } from "imapflow";
import type { ProbeSettings } from "#lib/probes/probe-settings.ts";
import { fetchToken, hasToken } from "./fetch-token.ts";
import { type Account, connectMailbox } from "./mailbox-connect.ts";
import type { Credentials, RefreshCredentials } from "./mailbox-credentials.ts";
import { MailboxFault } from "./mailbox-fault.ts";

/**
 * Signs in to a mailbox with what is kept for it; an access token is fetched when there is none, or it is over, or the
 * server does not believe it.
 * @param keep is given credentials that have changed, at once: the old ones may be good for nothing from then on
 * @throws MailboxFault, or the signal's reason
 */
export async function signIn(
  account: Account,
  credentials: Credentials,
  probes: ProbeSettings,
  { keep, signal }: { keep: (changed: Credentials) => Promise<void>; signal?: AbortSignal | undefined },
): Promise<ImapFlow> {
  if (credentials.kind === "password") {
    return await connectMailbox(account, { pass: credentials.password }, probes, signal);
  }
  if (credentials.kind === "token") {
    return await connectMailbox(account, { accessToken: credentials.accessToken }, probes, signal);
  }
  const renew = async (): Promise<RefreshCredentials> => {
    const fresh = await fetchToken(credentials, probes, signal);
    await keep(fresh);
    return fresh;
  };
  const connect = ({ accessToken }: RefreshCredentials) =>
    connectMailbox(account, { accessToken: accessToken ?? "" }, probes, signal);
  if (!hasToken(credentials, Date.now())) return await connect(await renew());
  try {
    return await connect(credentials);
  } catch (error) {
    if (!(error instanceof MailboxFault && error.code === "login-refused")) throw error;
    return await connect(await renew());
  }
}
