import type { Resolver } from "./dns.ts";
import { LIMITS, OUTWARD_SHARED_MS } from "./limits.ts";
import type { FetchOptions } from "./policy-fetch.ts";
import type { ProbeSettings } from "./probe-settings.ts";
import { Shared } from "./shared.ts";
import type { OutwardFact } from "./smtp-fact.ts";
import { connectTcp } from "./tcp-connect.ts";

/** Mail hosts of large providers, which take connections from everywhere: Google, Microsoft, Apple. */
export const WELL_KNOWN_MAIL_HOSTS = [
  "aspmx.l.google.com",
  "outlook-com.olc.protection.outlook.com",
  "mx01.mail.icloud.com",
];

const holder: { sealpostOutward?: Shared<OutwardFact> } = globalThis as typeof globalThis & {
  sealpostOutward?: Shared<OutwardFact>;
};

/**
 * Whether port 25 of the internet can be reached from this machine at all: many providers close it for their customers.
 * Opens a connection to one address of each well-known mail host, and says nothing. Holds for five minutes.
 * @throws the signal's reason when it is aborted
 */
export async function reachOutward(
  resolver: Resolver,
  settings: ProbeSettings,
  options: FetchOptions = {},
): Promise<OutwardFact> {
  const { resolvers, smtpPort, allow } = settings;
  holder.sealpostOutward ??= new Shared(OUTWARD_SHARED_MS, 10);
  return await holder.sealpostOutward.get(
    JSON.stringify([resolvers, smtpPort, allow, options.limits]),
    async (signal) => {
      const found = await Promise.all(
        WELL_KNOWN_MAIL_HOSTS.map((host) => tryHost(host, resolver, settings, { ...options, signal })),
      );
      const tried = found.filter((one) => one !== null);
      return { port25: judge(tried), tried };
    },
    options.signal,
  );
}

type Tried = OutwardFact["tried"][number];

/** Null when the host was not found. */
async function tryHost(
  host: string,
  resolver: Resolver,
  { smtpPort: port, allow }: ProbeSettings,
  { limits = LIMITS, signal }: FetchOptions,
): Promise<Tried | null> {
  const { result } = await resolver.a(host);
  const [address] = result.ok ? result.records : [];
  if (address === undefined) return null;
  const connection = await connectTcp({ address, port, allow, timeout: limits.outward, signal });
  if (!connection.ok) return { host, address, failure: connection.failure };
  connection.socket.destroy();
  return { host, address, failure: null };
}

function judge(tried: readonly Tried[]): OutwardFact["port25"] {
  // A well-known host at an address that the guard refuses is none.
  const outside = tried.filter(({ failure }) => failure !== "address-refused");
  if (outside.length === 0) return null;
  // These hosts take the mail of half the world: a refusal is a firewall's between them and us.
  return outside.some(({ failure }) => failure === null) ? "open" : "closed";
}
