import type { MailTlsFact, SmtpFact, VersionFact, WithoutSniFact } from "#lib/probes/smtp-fact.ts";
import { type Outcome, table } from "./case.ts";
import { certificate, mailHost, mxOf, spoken } from "./facts.ts";

const { cases, when } = table();

export { cases };

const MX1 = "mx1.example.org";
const AT = `@${MX1} [192.0.2.25]`;

const ALL = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const satisfies VersionFact["version"][];
const accepting = (accepted: readonly string[], untried: readonly string[] = []): VersionFact[] =>
  ALL.map((version) => ({
    version,
    accepted: untried.includes(version) ? null : accepted.includes(version),
    detail: accepted.includes(version) ? null : "test",
  }));

// mx-tls (M34, M63, D17; RFC 9325)
{
  const tls = (changes: Partial<SmtpFact>, codes: string[], why: string) => {
    const smtp = [spoken(MX1, "192.0.2.25", changes)];
    const outcomes = codes.map((code) => code.replace(/ /, " mx-tls-").concat(` ${AT}`) as Outcome);
    when("mx-tls", { mx: mxOf(MX1), mailHosts: [mailHost(MX1)], smtp }, outcomes, why);
  };
  const versions = (accepted: readonly string[], codes: string[], why: string) =>
    tls({ versions: accepting(accepted) }, codes, why);
  const failing = {
    ...{ tls: null, keywordsInside: null, withoutSni: null, injection: null },
    starttls: { state: "handshake-failed", reply: null, detail: "unsupported protocol" } as const,
  };
  tls({}, ["pass good"], "1.2 and 1.3");
  tls({ versions: [] }, ["pass good"], "only the version of the handshake is known");
  tls({ versions: accepting([], ALL) }, ["pass good"], "M34: nothing more could be tried");
  versions(["TLSv1.1", "TLSv1.2", "TLSv1.3"], ["warn legacy"], "M34: 1.1 too");
  versions(["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"], ["warn legacy"], "M34: 1.0 and 1.1 too: told once");
  versions(["TLSv1.3"], ["warn without-12"], "RFC 9325 §3.1.1: 1.3 alone");
  tls({ ...failing, versions: accepting(["TLSv1"]) }, ["fail too-old"], "M34: 1.0 only");
  tls({ ...failing, versions: accepting(["TLSv1", "TLSv1.1"]) }, ["fail too-old"], "M34: 1.0 and 1.1 only");

  const demanding = { code: "certificate-demanded", detail: "tlsv13 alert certificate required", reply: null } as const;
  tls(
    { versions: accepting(["TLSv1.3"]), keywordsInside: null, failureInside: demanding },
    ["skipped versions-unseen"],
    "M34: without a certificate of ours the older versions come to no handshake",
  );

  const with12 = (changes: Partial<MailTlsFact>, codes: string[], why: string) => {
    const good = spoken(MX1).tls;
    if (good === null) throw new Error("a dialogue without TLS");
    const agreed = { ...good, version: "TLSv1.2", cipher: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" };
    tls({ tls: { ...agreed, ...changes }, versions: accepting(["TLSv1.2"]) }, codes, why);
  };
  with12({}, ["pass good", "info without-13"], "M34: 1.2 is enough");
  with12({ keyExchange: null }, ["pass good", "info without-13"], "the suite tells of forward secrecy");
  with12({ keyExchange: "DH 2048" }, ["pass good", "info without-13"], "RFC 9325 §4.5: 2048 bits");
  with12({ keyExchange: "DH 2047" }, ["warn short-dh", "info without-13"], "RFC 9325 §4.5: fewer");
  with12({ keyExchange: "RSA" }, ["warn no-forward-secrecy", "info without-13"], "RFC 9325 §4.1: RSA");
  with12(
    { keyExchange: null, cipher: "TLS_RSA_WITH_AES_128_GCM_SHA256" },
    ["warn no-forward-secrecy", "info without-13"],
    "RFC 9325 §4.1: the suite tells of RSA",
  );
  with12({ version: "TLSv1.1" }, ["warn legacy", "info without-13"], "M34: 1.1 was agreed on");
  const newest = spoken(MX1).tls;
  tls({ tls: newest && { ...newest, keyExchange: null } }, ["pass good"], "1.3 always has forward secrecy");

  const bare = (withoutSni: WithoutSniFact | null, codes: string[], why: string, changes: Partial<SmtpFact> = {}) =>
    tls({ withoutSni, ...changes }, codes, why);
  const serving = (leaf: Parameters<typeof certificate>[0]): WithoutSniFact => {
    const chain = [certificate({ subject: "CN=default", fingerprint256: "other", ...leaf })];
    return { fingerprint256: "other", chain, detail: null };
  };
  bare(null, ["pass good"], "M63: not tried");
  bare({ fingerprint256: null, chain: [], detail: "handshake failure" }, ["warn sni-demanded"], "M63: no handshake");
  bare({ fingerprint256: null, chain: [], detail: null }, ["warn sni-demanded"], "M63: no certificate");
  bare(serving({ dnsNames: ["default.example"] }), ["warn default-certificate"], "M63, D17: another name");
  const unnamed = { subject: "", commonName: null };
  bare(serving({ ...unnamed, dnsNames: ["default.example"] }), ["warn default-certificate"], "without a subject");
  bare(serving({ ...unnamed, dnsNames: [] }), ["warn default-certificate"], "with no name at all");
  bare(serving({ dnsNames: [MX1] }), ["pass good"], "M63: another certificate that does too");
  const past = { dnsNames: [MX1], notAfter: "2026-11-21T00:00:00.000Z" };
  bare(serving(past), ["warn default-certificate"], "M63: the default has expired");
  const wrong = spoken(MX1).tls;
  const named = certificate({ dnsNames: ["x.example"], fingerprint256: "wrong" });
  bare(serving({ dnsNames: ["y.example"] }), ["pass good"], "wrong with SNI too: told under mx-certificate", {
    tls: wrong && { ...wrong, chain: [named] },
  });
}
