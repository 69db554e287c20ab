import type { Facts } from "#lib/checks/gather.ts";
import { CertificateChain } from "./certificate-chain.tsx";
import type { Served } from "./chain-links.ts";
import { dialogueLines, type SmtpFact, trials } from "./dialogue-text.ts";
import { shownText } from "./dns-text.ts";
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
      {chains.map(({ tls, name, where }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: chains have no name of their own; the list never changes.
        <Fold key={index} summary={<Summary what="Certificate chain" where={where} all={spoken.length} host={host} />}>
          <Where where={where} />
          <CertificateChain tls={tls} host={name} checkedAt={facts.checkedAt} />
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
  /** The name that it has to hold. */
  name: string;
  where: string[];
}

/** Each chain once, with the addresses that serve it; also those without SNI or with the TLSA base in it, where they are others. */
function servedChains(spoken: readonly SmtpFact[]): ServedAt[] {
  type One = Omit<ServedAt, "where"> & { where: string };
  const served = spoken.flatMap(({ host: name, address, tls, withoutSni, baseSni }): One[] => [
    ...(tls === null ? [] : [{ tls, name, where: address }]),
    ...(baseSni === undefined || baseSni.chain.length === 0 || sameLeaf(baseSni.chain, tls?.chain)
      ? []
      : [{ tls: { chain: baseSni.chain }, name: baseSni.base, where: `${address} for ${shownText(baseSni.base)}` }]),
    ...(withoutSni === null || withoutSni.chain.length === 0 || sameLeaf(withoutSni.chain, tls?.chain)
      ? []
      : [{ tls: { chain: withoutSni.chain }, name, where: `${address} without SNI` }]),
  ]);
  const groups = Map.groupBy(served, ({ tls, name }) => {
    const prints = tls.chain.map((certificate) => certificate.fingerprint256);
    return [...prints, tls.chainError?.code, name].join();
  });
  return [...groups.values()].flatMap((all) =>
    all[0] === undefined ? [] : [{ ...all[0], where: all.map(({ where }) => where) }],
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
