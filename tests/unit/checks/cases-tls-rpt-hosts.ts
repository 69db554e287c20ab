import type { Facts } from "#lib/checks/gather.ts";
import { type Outcome, table } from "./case.ts";
import { failed, mailHost, mxOf, RPT, txtOf } from "./facts.ts";

const { cases, when } = table();

export { cases };

const [MX1, MX2] = ["mx1.example.org", "mx2.example.org"] as const;

// tls-rpt-hosts (T12)
{
  type Txt = Facts["tlsRptTxt"];
  const record = (host: string, ...texts: string[]): Txt => txtOf(`_smtp._tls.${host}`, texts);
  const none = (host: string): Txt => failed(`_smtp._tls.${host}`, "TXT", "no-such-name");
  const hosts = (first: Txt, second: Txt, outcomes: Outcome[], why: string) => {
    const mailHosts = [mailHost(MX1, 10, { tlsRptTxt: first }), mailHost(MX2, 20, { tlsRptTxt: second })];
    when("tls-rpt-hosts", { mx: mxOf(MX1, MX2), mailHosts }, outcomes, why);
  };
  const found = (host: string): Outcome => `pass tls-rpt-hosts-found @${host}`;
  hosts(none(MX1), none(MX2), ["info tls-rpt-hosts-none"], "none anywhere: said once");
  hosts(record(MX1, "v=spf1 -all"), none(MX2), ["info tls-rpt-hosts-none"], "a stray text is none");
  hosts(record(MX1, RPT), record(MX2, RPT), [found(MX1), found(MX2)], "both");
  hosts(record(MX1, RPT), none(MX2), [found(MX1), `info tls-rpt-hosts-missing @${MX2}`], "one of two");
  const bad = (text: string, why: string) =>
    hosts(record(MX1, text), record(MX2, RPT), [`warn tls-rpt-hosts-invalid @${MX1}`, found(MX2)], why);
  bad("v=TSLRPTv1; rua=mailto:a@b.example", "T1: misspelt");
  bad("v=TLSRPTv1;", "T1: no destination");
  bad("v=TLSRPTv1; rua=http://b.example", "T5: no destination that can be used");
  hosts(
    record(MX1, RPT, RPT),
    none(MX2),
    [`warn tls-rpt-hosts-invalid @${MX1}`, `info tls-rpt-hosts-missing @${MX2}`],
    "T3",
  );
  hosts(
    failed(`_smtp._tls.${MX1}`, "TXT", "timeout"),
    none(MX2),
    [`error dns-timeout @${MX1}`, `info tls-rpt-hosts-missing @${MX2}`],
    "could not look",
  );
  hosts(
    failed(`_smtp._tls.${MX1}`, "TXT", "chain-loop", ["x.example"]),
    record(MX2, RPT),
    [`fail dns-chain-loop @${MX1}`, found(MX2)],
    "aliases in a circle",
  );
}
