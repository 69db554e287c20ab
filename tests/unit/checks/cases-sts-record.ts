import type { Facts } from "#lib/checks/gather.ts";
import { type Outcome, table } from "./case.ts";
import { DOMAIN, failed, found, mxOf, RPT, STS, stsOf, txtOf } from "./facts.ts";

const { cases, when } = table();

export { cases };

// mta-sts-record (M1 to M15)
{
  const record = (texts: string[], outcomes: Outcome[], why: string) =>
    when("mta-sts-record", { stsTxt: stsOf(...texts) }, outcomes, why);
  record([STS], ["pass sts-record-valid"], "valid");
  record([], ["fail sts-record-missing"], "M10: none");
  record(["v=spf1 -all"], ["fail sts-record-missing", "info sts-record-stray-text"], "M10: something else");
  record([STS, "v=spf1 -all"], ["pass sts-record-valid", "info sts-record-stray-text"], "M10: beside it");
  record([STS, "v=STSv1; id=2"], ["fail sts-record-several"], "M10: two");
  record([STS, "v=STSv1 ; id=2"], ["warn sts-record-second-ambiguous"], "M10, M15: a twin with a blank");
  record(["V=STSv1; id=1"], ["fail sts-record-version-case"], "M2");
  record([" v=STSv1; id=1"], ["fail sts-record-version-preceded"], "M2");
  record(["id=1; v=STSv1;"], ["fail sts-record-version-not-first"], "M2");
  record(["v=STSv1 id=1"], ["fail sts-record-version-unterminated"], "M2");
  record(["v = STSv1; id=1"], ["fail sts-record-version-blanks"], "M2");
  record(["v=STS1; id=1"], ["fail sts-record-version-misspelt"], "M2");
  record([RPT], ["fail sts-record-other-record"], "M2: the other record");
  record(["v=STSv1;id"], ["fail sts-record-field-malformed", "fail sts-record-id-missing"], "M6 and M4");
  record(["v=STSv1; id = 1"], ["fail sts-record-blank-around-equals"], "M6");
  record(["v=STSv1; id=1; x="], ["fail sts-record-extension-invalid"], "M6");
  record(["v=STSv1; id=1; x=y"], ["pass sts-record-valid", "info sts-record-extension"], "M7");
  record(["v=STSv1; id=1; id=2"], ["warn sts-record-repeated-field"], "M8");
  record(["v=STSv1;; id=1"], ["warn sts-record-empty-field"], "M3");
  record(["v=STSv1; id=1 "], ["warn sts-record-outer-blank"], "M3");
  record(["v=STSv1 ; id=1"], ["warn sts-record-blank-before-semicolon"], "M15");
  record(["v=STSv1; id=\xe9"], ["fail sts-record-character"], "M1");
  record(["v=STSv1;"], ["fail sts-record-id-missing"], "M4");
  record(["v=STSv1; Id=1"], ["fail sts-record-id-case"], "M4");
  record(["v=STSv1; id="], ["fail sts-record-id-empty"], "M4");
  record([`v=STSv1; id=${"1".repeat(33)}`], ["fail sts-record-id-too-long"], "M4");
  record(["v=STSv1; id=2026-11-22"], ["fail sts-record-id-characters"], "M4");
  record(
    ["v=STSv1; id=1-2; id=3;; x"],
    [
      "fail sts-record-id-characters",
      "fail sts-record-field-malformed",
      "warn sts-record-empty-field",
      "warn sts-record-repeated-field",
    ],
    "four things wrong",
  );

  const sts = (stsTxt: Facts["stsTxt"], outcomes: Outcome[], why: string) =>
    when("mta-sts-record", { stsTxt }, outcomes, why);
  const name = `_mta-sts.${DOMAIN}`;
  const chain = ["_mta-sts.provider.example"];
  const split = found(name, "TXT", [{ strings: ["v=STSv1", "id=1"], ttl: 60 }]);
  sts(split, ["fail sts-record-joined-without-separator"], "M13");
  sts(txtOf(name, [STS], 60, chain), ["pass sts-record-valid", "info sts-record-cname"], "M14: alias");
  sts(failed(name, "TXT", "no-such-name", chain), ["fail sts-record-cname-dangling"], "M14: dangling alias");
  sts(failed(name, "TXT", "no-data", chain), ["fail sts-record-cname-dangling"], "M14: alias to a name without TXT");
  sts(failed(name, "TXT", "chain-loop", chain), ["fail dns-chain-loop"], "M14: circle");
  sts(failed(name, "TXT", "no-such-name"), ["fail sts-record-missing"], "M10: NXDOMAIN");
  sts(failed(name, "TXT", "servfail"), ["error dns-servfail"], "could not look");
  const noMail = (stsTxt: Facts["stsTxt"], outcomes: Outcome[], why: string) =>
    when("mta-sts-record", { mx: mxOf(""), stsTxt }, outcomes, why);
  noMail(failed(name, "TXT", "no-such-name"), ["info no-mail-hosts"], "M68: none, and a null MX");
  noMail(stsOf("v=spf1 -all"), ["info no-mail-hosts", "info sts-record-stray-text"], "M68: something else");
  noMail(stsOf("v=STS1; id=1"), ["fail sts-record-version-misspelt"], "M68: one that is wrong is told");
  noMail(stsOf(STS), ["pass sts-record-valid"], "M68: a valid one");
  noMail(failed(name, "TXT", "timeout"), ["error dns-timeout"], "M68: could not look");
}

// Names below the domain (M36)
{
  type Subdomain = Facts["subdomains"][number];
  const below = (name: string, exchange: string, txt: string[] | "timeout" = []): Subdomain => ({
    name,
    mx: found(name, "MX", [{ preference: 10, exchange }]),
    stsTxt: txt === "timeout" ? failed(`_mta-sts.${name}`, "TXT", txt) : txtOf(`_mta-sts.${name}`, txt),
  });
  const receiving = (subdomains: Subdomain[], outcomes: Outcome[], why: string, stsTxt = stsOf(STS)) =>
    when("mta-sts-record", { stsTxt, subdomains }, outcomes, why);
  const [news, lists, made] = ["news.example.org", "lists.example.org", "sealpost-0123456789ab.example.org"] as const;
  const own: Outcome = "pass sts-record-valid";
  const mx = "mx1.example.org";
  receiving([below(news, mx)], [own, `warn sts-record-subdomain-without @${news}`], "M36: no record of its own");
  receiving(
    [below(news, mx, ["v=STSv1;"])],
    [own, `warn sts-record-subdomain-without @${news}`],
    "M36: none that is valid",
  );
  receiving([below(news, mx, [STS])], [own], "M36: a record of its own");
  receiving([below(news, mx, "timeout")], [own, `info sts-record-subdomain-unknown @${news}`], "M36: could not look");
  receiving([below(news, "")], [own], "M36: a null MX receives nothing");
  receiving([below(news, mx)], ["fail sts-record-missing"], "M36: no news where the domain has none itself", stsOf());
  receiving(
    [{ name: news, mx: failed(news, "MX", "timeout"), stsTxt: txtOf(`_mta-sts.${news}`, []) }],
    [own],
    "M36: whether it receives mail is unknown",
  );
  const any: Outcome = "warn sts-record-subdomain-wildcard @*.example.org";
  receiving([below(news, mx), below(lists, mx), below(made, mx)], [own, any], "M36: a wildcard MX is told once");
  receiving(
    [below(news, "mx.news.example"), below(made, mx)],
    [own, any, `warn sts-record-subdomain-without @${news}`],
    "M36: a name of its own beside the wildcard",
  );
  receiving([below(made, mx, [STS])], [own], "M36: a wildcard record as well");
}
