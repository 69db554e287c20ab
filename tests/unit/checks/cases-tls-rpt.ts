import type { Facts } from "#lib/checks/gather.ts";
import type { DestinationFailure, HttpsDestinationFact } from "#lib/probes/https-destination.ts";
import { type Outcome, table } from "./case.ts";
import { addressesAt, DOMAIN, failed, found, mxOf, noAddressesAt, RPT, rptOf, STS, tlsWith, txtOf } from "./facts.ts";

const { cases, when } = table();

export { cases };

// tls-rpt-record (T1 to T4, T8, T10)
{
  const record = (texts: string[], outcomes: Outcome[], why: string, changes: Partial<Facts> = {}) =>
    when("tls-rpt-record", { tlsRptTxt: rptOf(...texts), ...changes }, outcomes, why);
  const at = "mailto:a@reports.example.net";
  record([RPT], ["pass tls-rpt-record-valid"], "valid");
  record([], ["fail tls-rpt-record-missing"], "T3");
  record(["v=spf1"], ["fail tls-rpt-record-missing", "info tls-rpt-record-stray-text"], "T3");
  record([RPT, `${RPT};`], ["fail tls-rpt-record-several"], "T3");
  record([RPT, `v=TLSRPTv1 ;rua=${at}`], ["warn tls-rpt-record-second-ambiguous"], "T2");
  record([`V=TLSRPTv1;rua=${at}`], ["fail tls-rpt-record-version-case"], "T1");
  record([` ${RPT}`], ["fail tls-rpt-record-version-preceded"], "T1");
  record([`rua=${at}; v=TLSRPTv1`], ["fail tls-rpt-record-version-not-first"], "T1");
  record([`v=TLSRPTv1 rua=${at}`], ["fail tls-rpt-record-version-unterminated"], "T1");
  record([`v =TLSRPTv1; rua=${at}`], ["fail tls-rpt-record-version-blanks"], "T1");
  record([`v=TSLRPTv1; rua=${at}`], ["fail tls-rpt-record-version-misspelt"], "T1");
  record([STS], ["fail tls-rpt-record-other-record"], "T1");
  record(["v=TLSRPTv1; x"], ["fail tls-rpt-record-field-malformed", "fail tls-rpt-record-rua-missing"], "T2");
  record([`v=TLSRPTv1; rua =${at}`], ["fail tls-rpt-record-blank-around-equals"], "T2");
  record([`${RPT}; x=`], ["fail tls-rpt-record-extension-invalid"], "T2");
  record([`${RPT}; x=y`], ["pass tls-rpt-record-valid", "info tls-rpt-record-extension"], "T8");
  record([`${RPT}; rua=${at}`], ["warn tls-rpt-record-repeated-field"], "M8");
  record(
    [`v=TLSRPTv1;;rua=${at}`],
    ["warn tls-rpt-record-empty-field", "warn tls-rpt-record-postfix"],
    "T2, quirk 44: an empty field before rua",
  );
  record([`${RPT} `], ["warn tls-rpt-record-outer-blank"], "T2");
  record(
    [`v=TLSRPTv1 ;rua=${at}`],
    ["warn tls-rpt-record-blank-before-semicolon", "warn tls-rpt-record-postfix"],
    "T2, quirk 44: a blank behind the version",
  );
  record(
    [`v=TLSRPTv1; x=y; rua=${at}`],
    ["warn tls-rpt-record-postfix", "info tls-rpt-record-extension"],
    "quirk 44: rua is not the second field",
  );
  record([`v=TLSRPTv1;  rua=${at};`], ["pass tls-rpt-record-valid"], "quirk 44: blanks before rua do no harm");
  record([`${RPT}\xe9`], ["fail tls-rpt-record-character"], "T2");
  record(["v=TLSRPTv1;"], ["fail tls-rpt-record-rua-missing"], "T1");
  record([`v=TLSRPTv1; RUA=${at}`], ["fail tls-rpt-record-rua-case"], "T1");
  record(["v=TLSRPTv1; rua="], ["fail tls-rpt-record-rua-empty"], "T5");
  record(["v=TLSRPTv1; rua=a@reports.example.net"], ["fail tls-rpt-record-rua-unusable"], "T5: no entry can be used");
  for (const rua of ["a@x", "http://reports.example.net/", "mailto:", "ftp://reports.example.net/", "https://"]) {
    record([`v=TLSRPTv1; rua=${rua}`], ["fail tls-rpt-record-rua-unusable"], `T5: only ${rua}`);
  }
  record(
    [`v=TLSRPTv1; rua=http://a.example,${at}`],
    ["pass tls-rpt-record-valid"],
    "T5: what is left is told under the destinations",
  );
  const noMail = { mx: mxOf("") };
  record([], ["info no-mail-hosts"], "M68: none, and a null MX", noMail);
  record(["v=spf1"], ["info no-mail-hosts", "info tls-rpt-record-stray-text"], "M68: something else", noMail);
  record(["v=TLSRPTv1;"], ["fail tls-rpt-record-rua-missing"], "M68: one that is wrong is told", noMail);

  const rpt = (tlsRptTxt: Facts["tlsRptTxt"], outcomes: Outcome[], why: string) =>
    when("tls-rpt-record", { tlsRptTxt }, outcomes, why);
  const name = `_smtp._tls.${DOMAIN}`;
  const split = found(name, "TXT", [{ strings: [RPT, at], ttl: 3600 }]);
  rpt(split, ["fail tls-rpt-record-joined-without-separator"], "T4");
  const unsure: Outcome[] = ["pass tls-rpt-record-valid", "info tls-rpt-record-ttl-unsure"];
  rpt(txtOf(name, [RPT], 3599), unsure, "T10: perhaps what is left in a cache");
  rpt(txtOf(name, [RPT], 100), unsure, "T10: a little, perhaps what is left in a cache");
  rpt(txtOf(name, [RPT], 60), ["warn tls-rpt-record-ttl-short"], "T10: a minute");
  rpt(txtOf(name, [RPT], 300), ["warn tls-rpt-record-ttl-short"], "T10: five minutes");
  rpt(txtOf(name, [RPT], 3600), ["pass tls-rpt-record-valid"], "T10: an hour");
  rpt(txtOf(name, [RPT], 3600, ["t.example"]), ["pass tls-rpt-record-valid", "info tls-rpt-record-cname"], "alias");
  rpt(failed(name, "TXT", "no-such-name", ["t.example"]), ["fail tls-rpt-record-cname-dangling"], "dangling alias");
  rpt(failed(name, "TXT", "chain-loop", ["t.example"]), ["fail dns-chain-loop"], "circle");
  rpt(failed(name, "TXT", "timeout"), ["error dns-timeout"], "could not look");
  const swapped = txtOf(`_tls._smtp.${DOMAIN}`, [RPT]);
  const draft = txtOf(`_smtp-tlsrpt.${DOMAIN}`, [RPT]);
  record([], ["fail tls-rpt-record-wrong-label-order"], "T1: labels swapped", { mistakenTlsRptTxt: [swapped] });
  record([], ["fail tls-rpt-record-draft-name"], "T1: name of a draft", { mistakenTlsRptTxt: [draft] });
  record([], ["fail tls-rpt-record-missing"], "T1: a wildcard answers everywhere", {
    mistakenTlsRptTxt: [txtOf("x", ["v=spf1"])],
  });
}

// tls-rpt-destinations (T5 to T7, T9, T11, quirk 44)
{
  const at = "mailto:a@example.org";
  const own = { domain: DOMAIN, mx: mxOf("mx1.example.org"), addresses: null };
  const external: Outcome = "info tls-rpt-destination-external";
  const to = (rua: string, outcomes: Outcome[], why: string, destinations: Facts["destinations"] = []) =>
    when("tls-rpt-destinations", { tlsRptTxt: rptOf(`v=TLSRPTv1;rua=${rua}`), destinations }, outcomes, why);
  to("https://reports.example.org/r", ["pass tls-rpt-destinations-valid"], "T5: below the own domain");
  to("https://reports.example.net/r", ["pass tls-rpt-destinations-valid", external], "T9");
  to(at, ["warn tls-rpt-destination-same-domain"], "T11", [own]);
  to("https://example.org/1,https://example.org/2", ["warn tls-rpt-destination-several"], "T7");
  to("https://example.org/,", ["warn tls-rpt-destination-empty"], "T5");
  to("a@example.net", ["fail tls-rpt-destination-no-scheme"], "T5");
  to("x", ["fail tls-rpt-destination-no-scheme"], "T5: with something to propose");
  to("_", ["fail tls-rpt-destination-no-scheme"], "T5: nothing to propose");
  to("http://example.org/", ["fail tls-rpt-destination-http"], "T5");
  to("ftp://example.org/", ["fail tls-rpt-destination-scheme"], "T5");
  to(`${at}!10m`, ["fail tls-rpt-destination-size-suffix"], "T6");
  to("mailto:a!b@example.org", ["fail tls-rpt-destination-unencoded"], "T6");
  to("https://example.org/;https://example.org/2", ["fail tls-rpt-destination-semicolon"], "T5");
  to("mailto://a@example.org", ["fail tls-rpt-destination-mailto-slashes"], "T5");
  to("mailto:a", ["fail tls-rpt-destination-address"], "T5");
  to("https:///r", ["fail tls-rpt-destination-host"], "T5");
  to("mailto:<a@b.example>", ["fail tls-rpt-destination-invalid"], "T5");
  to(
    "x,y,http://a.example",
    ["fail tls-rpt-destination-no-scheme", "fail tls-rpt-destination-http"],
    "two kinds of slip",
  );

  const other = (mx: Facts["mx"], addresses: Facts["domainAddresses"] = null) => [
    { domain: "b.example", mx, addresses },
  ];
  const mail = (outcomes: Outcome[], why: string, destinations: Facts["destinations"]) =>
    to("mailto:a@b.example", [external, ...outcomes], why, destinations);
  const noMx = failed("b.example", "MX", "no-data");
  mail(["pass tls-rpt-destinations-valid"], "T11: another domain", other(mxOf("mx.b.example")));
  mail(
    ["pass tls-rpt-destinations-valid", "info tls-rpt-destination-without-mx"],
    "T11: implicit MX",
    other(noMx, addressesAt("b.example", ["192.0.2.2"])),
  );
  mail(
    ["pass tls-rpt-destinations-valid", "info tls-rpt-destination-same-mx"],
    "T11: same hosts",
    other(mxOf("mx2.example.org")),
  );
  mail(["fail tls-rpt-destination-no-mail-host"], "T11: NXDOMAIN", other(failed("b.example", "MX", "no-such-name")));
  mail(["fail tls-rpt-destination-no-mail-host"], "T11: null MX", other(mxOf("")));
  mail(["fail tls-rpt-destination-no-mail-host"], "T11: neither", other(noMx, noAddressesAt("b.example", "no-data")));
  mail(["fail tls-rpt-destination-no-mail-host"], "T11: circle", other(failed("b.example", "MX", "chain-loop", ["x"])));
  mail(["error dns-timeout"], "T11: unknown", other(failed("b.example", "MX", "timeout")));
  mail(["error dns-servfail"], "T11: address unknown", other(noMx, noAddressesAt("b.example", "servfail")));
  const url = "https://reports.example.org/r";
  const web = (seen: Partial<HttpsDestinationFact> | null, outcomes: Outcome[], why: string, addresses = none) =>
    when(
      "tls-rpt-destinations",
      {
        tlsRptTxt: rptOf(`v=TLSRPTv1;rua=${url}`),
        destinations: [],
        webDestinations: [{ url, addresses, seen: seen && { ...answered, ...seen } }],
      },
      outcomes,
      why,
    );
  const none = noAddressesAt("reports.example.org", "no-such-name");
  const answered: HttpsDestinationFact = {
    ...{ url, host: "reports.example.org", address: "192.0.2.30", attempts: [], failure: null, milliseconds: 30 },
    tls: tlsWith({ leaf: { dnsNames: ["*.example.org"] } }),
    answer: { status: 405, location: null, allow: "POST" },
  };
  const status = (code: number, allow: string | null = null) => ({ answer: { status: code, location: null, allow } });
  const lost = (code: DestinationFailure) => ({ answer: null, failure: { code, detail: "test" } });
  const fine: Outcome[] = ["pass tls-rpt-destinations-valid"];
  web({}, fine, "T13: takes POST alone");
  web(status(204, "OPTIONS, post"), fine, "T13: 204");
  web(status(501), fine, "T13: no OPTIONS");
  web(status(302), ["warn tls-rpt-destination-web-redirects"], "T13: 302");
  web(status(502), ["warn tls-rpt-destination-web-fault"], "T13: 502");
  web(status(200, "GET, HEAD"), ["warn tls-rpt-destination-web-no-post"], "T13: a plain page");
  web(status(404), [...fine, "info tls-rpt-destination-web-unsure"], "T13: 404 may be for all but POST");
  web(lost("port-not-probed"), ["skipped tls-rpt-destination-web-port"], "T13: another port, so nothing was seen");
  web(lost("connection-refused"), ["fail tls-rpt-destination-web-dead"], "T13: refused");
  web(lost("address-refused"), ["fail tls-rpt-destination-web-dead"], "T13: private");
  web(lost("tls-handshake"), ["fail tls-rpt-destination-web-certificate"], "T13: no handshake");
  web(lost("connection-timeout"), ["error tls-rpt-destination-web-unseen"], "T13: we could not look");
  web(
    { answer: null, tls: tlsWith({ leaf: { dnsNames: ["x.example"] } }) },
    ["fail tls-rpt-destination-web-certificate"],
    "T13: another name",
  );
  web(
    { answer: null, tls: tlsWith({ chainError: { code: "CERT_HAS_EXPIRED", message: "test" } }) },
    ["fail tls-rpt-destination-web-certificate"],
    "T13: expired",
  );
  web(null, ["fail tls-rpt-destination-web-dead"], "T13: no address");
  web(null, ["error dns-timeout"], "T13: address unknown", noAddressesAt("reports.example.org", "timeout"));
  const nine = Array.from({ length: 9 }, (_, i) => `mailto:a@d${i}.example`);
  const eight = nine.slice(1).map((_, i) => ({ domain: `d${i}.example`, mx: mxOf("mx.b.example"), addresses: null }));
  to(
    nine.join(","),
    [external, "warn tls-rpt-destination-several", "info tls-rpt-destination-unlooked"],
    "more than are looked at",
    eight,
  );
  when("tls-rpt-destinations", { tlsRptTxt: rptOf() }, ["skipped skipped-after-fail"], "after the record");
  when("tls-rpt-destinations", { mx: mxOf(""), tlsRptTxt: rptOf() }, ["info no-mail-hosts"], "M68: null MX");
  when(
    "tls-rpt-destinations",
    { mx: mxOf(""), tlsRptTxt: rptOf("v=TLSRPTv1;") },
    ["skipped skipped-after-fail"],
    "M68: null MX, and a broken record",
  );
  when(
    "tls-rpt-destinations",
    { tlsRptTxt: failed("x", "TXT", "timeout") },
    ["skipped skipped-after-error"],
    "after the record",
  );
}
