import { createHash } from "node:crypto";
import type { PolicyAgentFact, PolicyFetchFact } from "#lib/probes/policy-fact.ts";
import type { Say } from "./finding.ts";
import { SLOW_MILLISECONDS } from "./policy-answer.ts";
import type { Verdict } from "./verdict.ts";

/**
 * Whether the policy host answers mail servers as it answers Sealpost (RFC 8461 §3.3 names no User-Agent; standards.md
 * B2.8): a rule against bots turns away what is no browser, and senders are none.
 */
export function judgePolicyAgents(fact: PolicyFetchFact, agents: readonly PolicyAgentFact[], say: Say): Verdict[] {
  const { http, url } = fact;
  if (http === null) return [];
  const ours = { status: http.status, sha256: sha256Of(http.body) };
  const refused: string[] = [];
  const served: string[] = [];
  const changed: string[] = [];
  for (const { agent, status, sha256, failure } of agents) {
    const name = agent ?? "no User-Agent at all";
    // Asked several times in a row, a host may say so: that is no rule about who asks.
    if (status === 429) continue;
    if (failure !== null) {
      if (ours.status === 200 && isAnswerToAgent(fact, failure.code)) refused.push(`${name}: ${failure.detail}`);
    } else if (status === 200 && ours.status !== 200) served.push(name);
    else if (status !== 200 && ours.status === 200) refused.push(`${name}: status ${status}`);
    else if (status === 200 && sha256 !== ours.sha256) changed.push(name);
  }
  const evidence = { url, status: ours.status, address: fact.address };
  const verdicts: Verdict[] = [];
  if (refused.length > 0) verdicts.push(say("sts-fetch-agent-refused", { ...evidence, agents: refused }));
  if (changed.length > 0) verdicts.push(say("sts-fetch-agent-other-body", { ...evidence, agents: changed }));
  if (served.length > 0) verdicts.push(say("sts-fetch-agent-served", { ...evidence, agents: served }));
  return verdicts;
}

/** True for what a host can do only once it has read the request; a connection that fails before has other reasons. */
function isAnswerToAgent({ milliseconds }: PolicyFetchFact, code: string): boolean {
  if (code === "response-timeout") return milliseconds <= SLOW_MILLISECONDS;
  return code === "response-malformed" || code === "response-incomplete";
}

function sha256Of(body: string): string | null {
  return body === "" ? null : createHash("sha256").update(body, "latin1").digest("hex");
}
