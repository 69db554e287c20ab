import { describe, expect, test, vi } from "vitest";
import { collect, type Facts, gather, MAX_DESTINATIONS, type Probes } from "#lib/checks/gather.ts";
import type { DnsFact, MxRecord, TxtRecord } from "#lib/probes/dns-fact.ts";
import {
  addressesAt,
  DOMAIN,
  failed,
  fetched,
  found,
  HOST,
  mxOf,
  noAddressesAt,
  RPT,
  rptOf,
  STS,
  stsOf,
} from "./facts.ts";

const AT = new Date("2026-11-22T08:00:00Z");

/** A small DNS: what is not in it does not exist. Each question is noted. */
function world(
  answers: { mx?: DnsFact<MxRecord>[]; txt?: DnsFact<TxtRecord>[]; hosts?: Record<string, string[]> } = {},
) {
  const asked: string[] = [];
  const probes: Probes = {
    resolveMx: async (name) => {
      asked.push(`MX ${name}`);
      return answers.mx?.find((fact) => fact.name === name) ?? failed(name, "MX", "no-such-name");
    },
    resolveTxt: async (name) => {
      asked.push(`TXT ${name}`);
      return answers.txt?.find((fact) => fact.name === name) ?? failed(name, "TXT", "no-such-name");
    },
    resolveAddresses: async (name) => {
      asked.push(`A ${name}`);
      const addresses = answers.hosts?.[name];
      return addresses === undefined ? noAddressesAt(name, "no-such-name") : addressesAt(name, addresses);
    },
    fetchPolicy: async (host, addresses) => {
      asked.push(`GET ${host} ${addresses.join(",")}`);
      return fetched();
    },
  };
  return { asked, probes };
}

const look = (probes: Probes) => collect(gather(DOMAIN, probes, AT));

describe("what is asked", () => {
  test("a domain at which all is set up", async () => {
    const { asked, probes } = world({
      mx: [mxOf("mx1.example.org")],
      txt: [stsOf(STS), rptOf(RPT)],
      hosts: { [HOST]: ["192.0.2.10"] },
    });
    const facts = await look(probes);
    expect(asked.toSorted()).toEqual([
      `A ${HOST}`,
      `GET ${HOST} 192.0.2.10`,
      `MX ${DOMAIN}`,
      "MX reports.example.net",
      `TXT _mta-sts.${DOMAIN}`,
      `TXT _smtp._tls.${DOMAIN}`,
    ]);
    expect(facts.checkedAt).toBe("2026-11-22T08:00:00.000Z");
    expect(facts).toMatchObject({ domain: DOMAIN, domainAddresses: null, mistakenTlsRptTxt: [] });
    expect(facts.destinations.map((destination) => destination.domain)).toEqual(["reports.example.net"]);
  });

  test("a domain at which nothing is set up: no fetch, and the mistaken names of T1", async () => {
    const { asked, probes } = world();
    const facts = await look(probes);
    expect(asked.toSorted()).toEqual([
      `A ${HOST}`,
      `MX ${DOMAIN}`,
      `TXT _mta-sts.${DOMAIN}`,
      `TXT _smtp-tlsrpt.${DOMAIN}`,
      `TXT _smtp._tls.${DOMAIN}`,
      `TXT _tls._smtp.${DOMAIN}`,
    ]);
    expect(facts.policyFetch).toBeNull();
    expect(facts.mistakenTlsRptTxt).toHaveLength(2);
  });

  test("M74: the policy is fetched where there is a host without a record", async () => {
    const { asked, probes } = world({ hosts: { [HOST]: ["192.0.2.10", "192.0.2.11"] } });
    expect((await look(probes)).policyFetch).not.toBeNull();
    expect(asked).toContain(`GET ${HOST} 192.0.2.10,192.0.2.11`);
  });

  test("M68: the address of the domain only where the name exists without an MX", async () => {
    const noData = world({ mx: [failed(DOMAIN, "MX", "no-data")], hosts: { [DOMAIN]: ["192.0.2.1"] } });
    expect((await look(noData.probes)).domainAddresses?.a.result).toMatchObject({ ok: true });
    const nullMx = world({ mx: [mxOf("")] });
    expect((await look(nullMx.probes)).domainAddresses).toBeNull();
    const unknown = world({ mx: [failed(DOMAIN, "MX", "timeout")] });
    expect((await look(unknown.probes)).domainAddresses).toBeNull();
  });

  test("T1: mistaken names also where only a stray text stands at the right one, not where it is unknown", async () => {
    const stray = world({ txt: [rptOf("v=spf1 -all")] });
    expect((await look(stray.probes)).mistakenTlsRptTxt).toHaveLength(2);
    const broken = world({ txt: [rptOf("v=TSLRPTv1; rua=mailto:a@b.example")] });
    expect((await look(broken.probes)).mistakenTlsRptTxt).toHaveLength(0);
    const unknown = world({ txt: [failed(`_smtp._tls.${DOMAIN}`, "TXT", "timeout")] });
    expect((await look(unknown.probes)).mistakenTlsRptTxt).toHaveLength(0);
  });

  test("T11: each mail domain once, the own one not again, none for https, and no more than the limit", async () => {
    const list = ["mailto:a@b.example", "mailto:c@b.example", "https://c.example/", `mailto:a@${DOMAIN}`];
    const few = world({ mx: [mxOf("mx1.example.org")], txt: [rptOf(`v=TLSRPTv1; rua=${list.join(",")}`)] });
    const facts = await look(few.probes);
    expect(facts.destinations.map((destination) => destination.domain)).toEqual(["b.example", DOMAIN]);
    expect(few.asked.filter((question) => question.startsWith("MX"))).toEqual([`MX ${DOMAIN}`, "MX b.example"]);

    const many = Array.from({ length: MAX_DESTINATIONS + 1 }, (_, i) => `mailto:a@d${i}.example`);
    const crowd = world({ txt: [rptOf(`v=TLSRPTv1; rua=${many.join(",")}`)] });
    expect((await look(crowd.probes)).destinations).toHaveLength(MAX_DESTINATIONS);
  });

  test("T11: the address of a mail domain without an MX", async () => {
    const { probes } = world({
      mx: [failed("reports.example.net", "MX", "no-data")],
      txt: [rptOf(RPT)],
      hosts: { "reports.example.net": ["192.0.2.7"] },
    });
    const [destination] = (await look(probes)).destinations;
    expect(destination?.addresses?.a.result).toMatchObject({ ok: true, records: ["192.0.2.7"] });
  });
});

test("questions that do not depend on one another are asked side by side", async () => {
  const { probes } = world();
  const never = new Promise<never>(() => {});
  const asked: string[] = [];
  const noted = <T>(ask: (name: string) => Promise<T>) =>
    vi.fn((name: string) => {
      asked.push(name);
      return ask(name);
    });
  gather(
    DOMAIN,
    {
      ...probes,
      resolveMx: noted(() => never),
      resolveTxt: noted(() => never),
      resolveAddresses: noted(() => never),
    },
    AT,
  );
  expect(asked.toSorted()).toEqual([`_mta-sts.${DOMAIN}`, `_smtp._tls.${DOMAIN}`, DOMAIN, HOST].toSorted());
});

describe("a probe that throws has not looked, and nothing rejects", () => {
  const boom = () => {
    throw new Error("no route");
  };
  const reject = async () => Promise.reject(new Error("no route"));

  test.each([
    ["at once", boom],
    ["later", reject],
  ])("%s", async (_, fail) => {
    const facts = await look({ resolveMx: fail, resolveTxt: fail, resolveAddresses: fail, fetchPolicy: fail });
    const lost = { ok: false, failure: "network", detail: "no route" };
    const dns: (keyof Facts)[] = ["mx", "stsTxt", "tlsRptTxt"];
    for (const name of dns) expect(facts[name]).toMatchObject({ result: lost });
    expect(facts.policyHostAddresses).toMatchObject({ a: { result: lost }, aaaa: { result: lost } });
    expect(facts).toMatchObject({ policyFetch: null, mistakenTlsRptTxt: [], destinations: [] });
  });

  test("in the fetch", async () => {
    const { probes } = world({ hosts: { [HOST]: ["192.0.2.10"] } });
    const facts = await look({ ...probes, fetchPolicy: boom });
    expect(facts.policyFetch).toMatchObject({
      tls: null,
      http: null,
      failure: { code: "network-unreachable", detail: "no route" },
    });
  });
});

test("the facts are plain JSON", async () => {
  const { probes } = world({
    mx: [mxOf("mx1.example.org")],
    txt: [found(`_mta-sts.${DOMAIN}`, "TXT", [{ strings: ["\xff"], ttl: 1 }])],
  });
  const facts = await look(probes);
  expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
});
