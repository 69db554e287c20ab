import type { Facts } from "#lib/checks/gather.ts";
import { CertificateChain } from "./certificate-chain.tsx";
import type { Served } from "./chain-links.ts";
import { dialogueLines, type SmtpFact, trials } from "./dialogue-text.ts";
import { Fold } from "./fold.tsx";

/** Addresses that a heading names. */
const FEW = 2;

/** What was seen at the addresses of one mail host: certificate chains and SMTP dialogues, each folded. */
export function HostEvidence({ host, facts }: { host: string; facts: Facts }) {
  const spoken = facts.smtp.filter((fact) => fact.host === host);
  if (spoken.length === 0) return null;
  const chains = servedChains(spoken);
  return (
    <div className="space-y-2 pb-2">
      {chains.map(({ tls, where }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: chains have no name of their own; the list never changes.
        <Fold key={index} summary={<Summary what="Certificate chain" where={where} all={spoken.length} host={host} />}>
          <Where where={where} />
          <CertificateChain tls={tls} host={host} checkedAt={facts.checkedAt} />
        </Fold>
      ))}
      {dialogues(spoken).map(({ lines, tried, where }) => (
        <Fold
          key={where.join()}
          summary={<Summary what="SMTP dialogue" where={where} all={spoken.length} host={host} />}
        >
          <Where where={where} />
          <pre className="whitespace-pre-wrap rounded-md border border-line bg-sunken p-3 font-mono text-xs [overflow-wrap:anywhere]">
            {lines}
          </pre>
          {tried.length > 0 && (
            <dl className="grid w-fit grid-cols-[auto_auto] gap-x-4 gap-y-1 text-xs">
              {tried.map(({ name, result }) => (
                <div key={name} className="contents">
                  <dt className="text-muted">{name}</dt>
                  <dd>{result}</dd>
                </div>
              ))}
            </dl>
          )}
        </Fold>
      ))}
    </div>
  );
}

function Summary({ what, where, all, host }: { what: string; where: string[]; all: number; host: string }) {
  return (
    <>
      {what} of <span className="font-mono [overflow-wrap:anywhere]">{host}</span>{" "}
      {where.length === all && all > 1 ? (
        `at all ${all} addresses`
      ) : (
        <>
          at <span className="font-mono [overflow-wrap:anywhere]">{where.slice(0, FEW).join(", ")}</span>
          {where.length > FEW && ` and ${where.length - FEW} more`}
        </>
      )}
    </>
  );
}

/** All addresses, where the heading does not name them. */
function Where({ where }: { where: readonly string[] }) {
  if (where.length <= FEW) return null;
  return <p className="font-mono text-muted text-xs [overflow-wrap:anywhere]">{where.join(", ")}</p>;
}

interface ServedAt {
  tls: Served;
  where: string[];
}

/** Each chain once, with the addresses that serve it; also the one that comes without SNI, where it is another. */
function servedChains(spoken: readonly SmtpFact[]): ServedAt[] {
  const served = spoken.flatMap(({ address, tls, withoutSni }): { tls: Served; where: string }[] => [
    ...(tls === null ? [] : [{ tls, where: address }]),
    ...(withoutSni === null || withoutSni.chain.length === 0 || sameLeaf(withoutSni.chain, tls?.chain)
      ? []
      : [{ tls: { chain: withoutSni.chain }, where: `${address} without SNI` }]),
  ]);
  const groups = Map.groupBy(served, ({ tls }) => {
    const prints = tls.chain.map((certificate) => certificate.fingerprint256);
    return [...prints, tls.chainError?.code].join();
  });
  return [...groups.values()].flatMap((all) =>
    all[0] === undefined ? [] : [{ tls: all[0].tls, where: all.map(({ where }) => where) }],
  );
}

function sameLeaf(chain: Served["chain"], other: Served["chain"] | undefined): boolean {
  return chain[0]?.fingerprint256 === other?.[0]?.fingerprint256;
}

/** Each dialogue once, with the addresses at which it went so. */
function dialogues(spoken: readonly SmtpFact[]) {
  const groups = Map.groupBy(spoken, (fact) => JSON.stringify([dialogueLines(fact), trials(fact)]));
  return [...groups.values()].flatMap((all) => {
    const [first] = all;
    if (first === undefined) return [];
    return [{ lines: dialogueLines(first).join("\n"), tried: trials(first), where: all.map(({ address }) => address) }];
  });
}
