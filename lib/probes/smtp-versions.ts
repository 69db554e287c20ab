import type { SecureContext } from "node:tls";
import { servedChain } from "./certificate.ts";
import type { ServedCertificate } from "./policy-fact.ts";
import type { BaseSniFact, VersionFact, WithoutSniFact } from "./smtp-fact.ts";
import { meet, textOf, type Visit } from "./smtp-meeting.ts";
import { mailContext, startTls } from "./smtp-tls.ts";
import { contextForVersion } from "./tls-connect.ts";

const VERSIONS = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const satisfies VersionFact["version"][];

/** A handshake on a connection of its own: done, failed, without an end in time, or not come to. */
type Shaken = { state: "done"; chain: ServedCertificate[] } | { state: "failed" | "late" | "untried"; detail: string };

/** How the host answers further handshakes, and whether it lets us try; then nothing more should be asked of it. */
export interface Handshakes {
  baseSni?: BaseSniFact;
  withoutSni: WithoutSniFact | null;
  versions: VersionFact[];
  turnedAway: boolean;
}

/**
 * Comes again for a handshake with the TLSA base in SNI where that is another name, one without SNI (M63, D17), and one for
 * each TLS version that is not known yet (M34), one after another. A host that turns us away is left alone.
 * @param known the version of the first handshake; null when it failed
 */
export async function tryHandshakes(visit: Visit, known: string | null): Promise<Handshakes> {
  const { host, base, settings, limits } = visit;
  const context = mailContext(settings.extraRoots);
  let turnedAway: string | null = null;
  const shake = async (...how: [string | null, SecureContext, number]): Promise<Shaken> => {
    if (turnedAway !== null) return { state: "untried", detail: turnedAway };
    const shaken = await shakeAgain(visit, ...how);
    if (shaken.state === "untried") turnedAway = shaken.detail;
    return shaken;
  };
  // First, and with all patience: on this one depends whether senders with DANE deliver.
  const named = base === null ? {} : { baseSni: baseSniOf(base, await shake(base, context, limits.tlsHandshake)) };
  const bare = await shake(null, context, limits.legacyTls);
  const found = new Map<VersionFact["version"], Omit<VersionFact, "version">>();
  for (const version of VERSIONS.toReversed()) {
    if (version === known) found.set(version, { accepted: true, detail: null });
    else found.set(version, acceptance(await shake(host, contextForVersion(version), limits.legacyTls)));
  }
  return {
    ...named,
    withoutSni: bare.state === "untried" ? null : withoutSniOf(bare),
    versions: VERSIONS.map((version) => ({ version, ...(found.get(version) ?? { accepted: null, detail: null }) })),
    turnedAway: turnedAway !== null,
  };
}

/** All versions, none of them tried. */
export function untriedVersions(detail: string | null): VersionFact[] {
  return VERSIONS.map((version) => ({ version, accepted: null, detail }));
}

function acceptance(shaken: Shaken): Omit<VersionFact, "version"> {
  if (shaken.state === "done") return { accepted: true, detail: null };
  return { accepted: shaken.state === "failed" ? false : null, detail: shaken.detail };
}

function baseSniOf(base: string, shaken: Shaken): BaseSniFact {
  if (shaken.state === "done") return { base, established: true, chain: shaken.chain, detail: null };
  return { base, established: shaken.state === "failed" ? false : null, chain: [], detail: shaken.detail };
}

function withoutSniOf(shaken: Shaken): WithoutSniFact {
  if (shaken.state !== "done") return { fingerprint256: null, chain: [], detail: shaken.detail };
  const [leaf] = shaken.chain;
  return { fingerprint256: leaf?.fingerprint256 ?? null, chain: shaken.chain, detail: null };
}

async function shakeAgain(
  visit: Visit,
  servername: string | null,
  context: SecureContext,
  patience: number,
): Promise<Shaken> {
  const met = await meet(visit);
  if (!met.ok) return { state: "untried", detail: met.failure.detail };
  try {
    const started = await startTls(met.dialogue, { servername, context, patience });
    if (started.socket) {
      const chain = servedChain(started.socket);
      await met.dialogue.quit();
      return { state: "done", chain };
    }
    const { state, reply, detail } = started.fact;
    if (state === "handshake-failed") return { state: started.late ? "late" : "failed", detail: detail ?? "" };
    await met.dialogue.quit();
    return { state: "untried", detail: detail ?? (reply === null ? "" : textOf(reply)) };
  } finally {
    met.dialogue.destroy();
  }
}
