import { createHash } from "node:crypto";
import { getPolicy } from "./http-get.ts";
import { askOverTls, connectToOne, timingOf } from "./https-connect.ts";
import { LIMITS } from "./limits.ts";
import type { PolicyAgentFact } from "./policy-fact.ts";
import type { FetchOptions } from "./policy-fetch.ts";
import type { ProbeSettings } from "./probe-settings.ts";

/** No User-Agent at all, and one such as mail servers have. */
const AGENTS = [null, "Postfix-MTA-STS-Resolver/1.4"] as const;

/** Of the time for a policy, for each request: the host has just answered one. */
const SHARE = 0.25;

/**
 * Asks an address that gave the policy for it again as others than Sealpost do (standards.md B2.8), one after the other,
 * over connections whose chain and names are checked as for the first. The body is compared by its SHA-256.
 * @throws the signal's reason when it is aborted
 */
export async function askPolicyAgents(
  host: string,
  address: string,
  settings: ProbeSettings,
  options: FetchOptions = {},
): Promise<PolicyAgentFact[]> {
  const facts: PolicyAgentFact[] = [];
  for (const agent of AGENTS) facts.push(await askAs(agent, host, address, settings, options));
  return facts;
}

async function askAs(
  agent: string | null,
  host: string,
  address: string,
  settings: ProbeSettings,
  { limits = LIMITS, signal }: FetchOptions,
): Promise<PolicyAgentFact> {
  const total = limits.fetchTotal * SHARE;
  const timing = timingOf(limits, total, signal);
  const reached = await connectToOne(host, [address], settings, timing);
  if (reached.address === null) return { agent, status: null, sha256: null, failure: reached.failure };
  try {
    const { answer, failure } = await askOverTls(reached.socket, host, settings, timing, (socket) =>
      getPolicy(socket, { host, agent, timeout: timing.within(total), signal }),
    );
    if (answer === null) {
      const refused = { code: "tls-handshake", detail: "the certificate is not accepted" } as const;
      return { agent, status: null, sha256: null, failure: failure ?? refused };
    }
    const sha256 = createHash("sha256").update(answer.body, "latin1").digest("hex");
    return { agent, status: answer.status, sha256: answer.body === "" ? null : sha256, failure: null };
  } finally {
    reached.socket.destroy();
  }
}
