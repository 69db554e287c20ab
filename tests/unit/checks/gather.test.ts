import { describe, expect, test, vi } from "vitest";
import { type AddressFacts, collect, type Facts, gather, MAX_DESTINATIONS, type Probes } from "#lib/checks/gather.ts";
import { MAX_MAIL_HOSTS } from "#lib/checks/mail-host-facts.ts";
import type { DnsFact, MxRecord, TxtRecord } from "#lib/probes/dns-fact.ts";
import type { TlsaRecord } from "#lib/probes/dns-rdata.ts";
import type { FetchFailure, PolicyFetchFact } from "#lib/probes/policy-fact.ts";
import type { SmtpFact } from "#lib/probes/smtp-fact.ts";
import {
  addressesAt,
  DOMAIN,
  failed,
  fetched,
  found,
  HOST,
  mxOf,
  noAddressesAt,
  notReached,
  RPT,
  rptOf,
  STS,
  secure,
  silent,
  spoken,
  stsOf,
} from "./facts.ts";

const AT = new Date("2026-11-22T08:00:00Z");

interface Answers {
  mx?: DnsFact<MxRecord>[];
  txt?: DnsFact<TxtRecord>[];
  /** IPv4 addresses by name, or the whole answers. */
  hosts?: Record<string, string[] | AddressFacts>;
  /** Names at which CAA records stand. */
  caa?: string[];
  speak?: (host: string, address: string) => SmtpFact;
}

/** A small internet: what is not in it does not exist. Each question is noted. */
function world(answers: Answers = {}) {
  const asked: string[] = [];
  const note = (question: string) => asked.push(question.replace(MADE_UP, "sealpost-*."));
  const probes: Probes = {
    resolveMx: async (name) => {
      note(`MX ${name}`);
      return answers.mx?.find((fact) => fact.name === name) ?? failed(name, "MX", "no-such-name");
    },
    resolveTxt: async (name) => {
      note(`TXT ${name}`);
      return answers.txt?.find((fact) => fact.name === name) ?? failed(name, "TXT", "no-such-name");
    },
    resolveAddresses: async (name) => {
      note(`A ${name}`);
      const addresses = answers.hosts?.[name];
      if (addresses === undefined) return noAddressesAt(name, "no-such-name");
      return Array.isArray(addresses) ? addressesAt(name, addresses) : addresses;
    },
    resolveTlsa: async (name) => {
      note(`TLSA ${name}`);
      return failed(name, "TLSA", "no-such-name");
    },
    resolveSoa: async (name) => {
      note(`SOA ${name}.`);
      return failed(name, "SOA", "no-such-name");
    },
    resolveCaa: async (name) => {
      note(`CAA ${name}`);
      const record = { critical: false, tag: "issue", value: "ca.example" };
      return answers.caa?.includes(name) ? found(name, "CAA", [record]) : failed(name, "CAA", "no-data");
    },
    fetchPolicy: async (host, address) => {
      note(`GET ${host} ${address}`);
      return fetched({ address });
    },
    askHttpsDestination: async (url, addresses) => {
      asked.push(`OPTIONS ${url} ${addresses.join(",")}`);
      const nothing = { address: null, attempts: [], tls: null, answer: null, failure: null };
      return { url, host: "", ...nothing, milliseconds: 1 };
    },
    askPolicyAgents: async (host, address) => {
      note(`AGENTS ${host} ${address}`);
      return [];
    },
    speakSmtp: async (host, address, base) => {
      note(`SMTP ${host} ${address}${base === null ? "" : ` SNI ${base}`}`);
      return answers.speak?.(host, address) ?? spoken(host, address);
    },
    reachOutward: async () => {
      note("OUTWARD");
      return { port25: "open", tried: [] };
    },
  };
  return { asked, probes };
}

/** The label below which nobody receives mail: another in each lookup. */
const MADE_UP = /\bsealpost-[0-9a-f]{12}\./;
const BELOW = ["bounce", "email", "info", "lists", "mail", "news", "newsletter", "sealpost-*", "support"];
/** Asked for each domain, whatever its answers are. */
const ALWAYS = [
  ...["", "com", "org"].map((name) => `SOA ${name}.`),
  ...BELOW.map((label) => `MX ${label}.${DOMAIN}`),
  `CAA ${HOST}`,
  `CAA ${DOMAIN}`,
];
const asking = (asked: readonly string[]) => asked.filter((question) => !ALWAYS.includes(question)).toSorted();

const look = (probes: Probes) => collect(gather(DOMAIN, probes, AT));

describe("what is asked", () => {
  test("a domain at which all is set up", async () => {
    const { asked, probes } = world({
      mx: [mxOf("mx1.example.org")],
      txt: [stsOf(STS), rptOf(RPT)],
      hosts: { [HOST]: ["192.0.2.10"], "mx1.example.org": ["192.0.2.25"] },
    });
    const facts = await look(probes);
    expect(asked).toEqual(expect.arrayContaining(ALWAYS));
    expect(asking(asked)).toEqual(
      [
        "A mx1.example.org",
        `A ${HOST}`,
        `AGENTS ${HOST} 192.0.2.10`,
        `GET ${HOST} 192.0.2.10`,
        `MX ${DOMAIN}`,
        "MX reports.example.net",
        "SMTP mx1.example.org 192.0.2.25",
        "TLSA _25._tcp.mx1.example.org",
        `TXT _mta-sts.${DOMAIN}`,
        `TXT _smtp._tls.${DOMAIN}`,
        "TXT _smtp._tls.mx1.example.org",
      ].toSorted(),
    );
    expect(facts.checkedAt).toBe("2026-11-22T08:00:00.000Z");
    expect(facts).toMatchObject({ domain: DOMAIN, domainAddresses: null, mistakenTlsRptTxt: [] });
    expect(facts.destinations.map((destination) => destination.domain)).toEqual(["reports.example.net"]);
  });

  test("a domain at which nothing is set up: no fetch, and the mistaken names of T1", async () => {
    const { asked, probes } = world();
    const facts = await look(probes);
    expect(asking(asked)).toEqual([
      `A ${HOST}`,
      `MX ${DOMAIN}`,
      `TXT _mta-sts.${DOMAIN}`,
      `TXT _smtp-tlsrpt.${DOMAIN}`,
      `TXT _smtp._tls.${DOMAIN}`,
      `TXT _tls._smtp.${DOMAIN}`,
    ]);
    expect(facts).toMatchObject({ policyFetch: null, mailHosts: [], smtp: [], outward: null, policyHostCaa: null });
    expect(facts.mistakenTlsRptTxt).toHaveLength(2);
  });

  test("M74: the policy is fetched where there is a host without a record", async () => {
    const { asked, probes } = world({ hosts: { [HOST]: ["192.0.2.10", "192.0.2.11"] } });
    expect((await look(probes)).policyFetch).not.toBeNull();
    expect(asked).toContain(`GET ${HOST} 192.0.2.10`);
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
    expect(asking(few.asked).filter((question) => question.startsWith("MX"))).toEqual(["MX b.example", `MX ${DOMAIN}`]);

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

describe("mail hosts", () => {
  test("in order of preference, each once, with each of its addresses", async () => {
    const mx = mxOf([20, "b.example"], [10, "c.example"], [10, "a.example"], [30, "a.example"]);
    const hosts = { "a.example": addressesAt("a.example", ["192.0.2.1"], ["2001:db8::1"]), "b.example": ["192.0.2.2"] };
    const { asked, probes } = world({ mx: [mx], hosts });
    const facts = await look(probes);
    expect(facts.mailHosts.map(({ name, preference }) => `${preference} ${name}`)).toEqual([
      "10 a.example",
      "10 c.example",
      "20 b.example",
    ]);
    expect(asked.filter((question) => question.startsWith("SMTP"))).toEqual([
      "SMTP a.example 192.0.2.1",
      "SMTP a.example 2001:db8::1",
      "SMTP b.example 192.0.2.2",
    ]);
    expect(facts.smtp.map(({ host, address }) => `${host} ${address}`)).toEqual([
      "a.example 192.0.2.1",
      "a.example 2001:db8::1",
      "b.example 192.0.2.2",
    ]);
  });

  test("no more than the limit, the most preferred of them", async () => {
    const names = Array.from({ length: MAX_MAIL_HOSTS + 1 }, (_, i): [number, string] => [100 - i, `mx${i}.example`]);
    const { asked, probes } = world({ mx: [mxOf(...names)] });
    const facts = await look(probes);
    expect(facts.mailHosts).toHaveLength(MAX_MAIL_HOSTS);
    expect(facts.mailHosts[0]?.name).toBe(`mx${MAX_MAIL_HOSTS}.example`);
    expect(asked).not.toContain("A mx0.example");
    expect((await look(world({ mx: [mxOf(...names.slice(1))] }).probes)).mailHosts).toHaveLength(MAX_MAIL_HOSTS);
  });

  test("M68: the domain itself where it is the implicit MX, and nobody for a null MX", async () => {
    const implicit = world({ mx: [failed(DOMAIN, "MX", "no-data")], hosts: { [DOMAIN]: ["192.0.2.1"] } });
    const facts = await look(implicit.probes);
    expect(facts.mailHosts).toMatchObject([{ name: DOMAIN, preference: 0 }]);
    expect(facts.smtp).toMatchObject([{ host: DOMAIN, address: "192.0.2.1" }]);
    expect(implicit.asked).toContain(`TLSA _25._tcp.${DOMAIN}`);
    expect(await look(world({ mx: [mxOf("")] }).probes)).toMatchObject({ mailHosts: [], smtp: [], outward: null });
  });

  test("D9: TLSA records where a secure alias ends first, then at the host's own name; not there where it is insecure", async () => {
    const alias = addressesAt("mx1.example.org", ["192.0.2.1"], [], ["a.example", "b.example"]);
    const bases = async (hosts: Answers["hosts"]) => {
      const facts = await look(world({ mx: [mxOf("mx1.example.org")], hosts: hosts ?? {} }).probes);
      return facts.mailHosts[0]?.tlsa.map(({ base, records }) => [base, records.name]);
    };
    const own = ["mx1.example.org", "_25._tcp.mx1.example.org"];
    const sure = { a: secure(alias.a), aaaa: secure(alias.aaaa) };
    expect(await bases({ "mx1.example.org": sure })).toEqual([["b.example", "_25._tcp.b.example"], own]);
    expect(await bases({ "mx1.example.org": alias })).toEqual([own]);
    expect(await bases({ "mx1.example.org": ["192.0.2.1"] })).toEqual([own]);
    const onlyIpv6 = addressesAt("mx1.example.org", [], ["2001:db8::1"], ["b.example"]);
    const sureIpv6 = { a: failed("mx1.example.org", "A", "timeout"), aaaa: secure(onlyIpv6.aaaa) };
    expect(await bases({ "mx1.example.org": sureIpv6 })).toEqual([["b.example", "_25._tcp.b.example"], own]);
  });

  test("D17: the TLSA base is said in SNI where it is another name, and secure records stand there", async () => {
    const { a, aaaa } = addressesAt("mx1.example.org", ["192.0.2.1"], [], ["b.example"]);
    const aliased = { a: secure(a), aaaa: secure(aaaa) };
    const said = async (hosts: AddressFacts, tlsa: DnsFact<TlsaRecord>[]) => {
      const { asked, probes } = world({ mx: [mxOf("mx1.example.org")], hosts: { "mx1.example.org": hosts } });
      const resolveTlsa = async (name: string) =>
        tlsa.find((fact) => fact.name === name) ?? failed(name, "TLSA", "no-such-name");
      await look({ ...probes, resolveTlsa });
      return asked.filter((question) => question.startsWith("SMTP"));
    };
    const record = { usage: 3, selector: 1, matchingType: 1, data: "ab".repeat(32) };
    const at = (base: string) => secure(found(`_25._tcp.${base}`, "TLSA", [record]));
    const own = ["SMTP mx1.example.org 192.0.2.1"];
    const end = [`${own} SNI b.example`];
    expect(await said(aliased, [at("b.example")])).toEqual(end);
    expect(await said(aliased, [at("b.example"), at("mx1.example.org")])).toEqual(end);
    expect(await said(aliased, [at("mx1.example.org")])).toEqual(own);
    expect(await said(aliased, [])).toEqual(own);
    expect(await said({ a, aaaa }, [at("b.example")])).toEqual(own);
    expect(await said(aliased, [{ ...at("b.example"), authenticated: false }])).toEqual(own);
    expect(await said(aliased, [failed("_25._tcp.b.example", "TLSA", "servfail")])).toEqual(own);
  });

  test("whether port 25 is open at all: only where nobody greeted", async () => {
    const hosts = { "mx1.example.org": ["192.0.2.1", "192.0.2.2"] };
    const outward = async (speak: Answers["speak"]) => {
      const { asked, probes } = world({ mx: [mxOf("mx1.example.org")], hosts, ...(speak ? { speak } : {}) });
      const facts = await look(probes);
      return { outward: facts.outward, asked: asked.filter((question) => question === "OUTWARD").length };
    };
    const nobody = (host: string, address: string) => silent(host, "connection-timeout", address);
    expect(await outward(nobody)).toEqual({ outward: { port25: "open", tried: [] }, asked: 1 });
    const one = (host: string, address: string) =>
      address === "192.0.2.1" ? spoken(host, address) : silent(host, "connection-timeout", address);
    expect(await outward(one)).toEqual({ outward: null, asked: 0 });
    const greeting = { code: 421, lines: ["later"] };
    const greylisted = (host: string, address: string) => ({
      ...silent(host, "greeting-temporary", address),
      greeting,
    });
    expect(await outward(greylisted)).toEqual({ outward: null, asked: 0 });
  });
});

describe("the policy host", () => {
  test("each address once, and no more than eight", async () => {
    const gets = async (addresses: string[]) => {
      const { asked, probes } = world({ hosts: { [HOST]: addresses } });
      const facts = await look(probes);
      return { asked: asked.filter((question) => question.startsWith("GET")), fetches: facts.policyFetches.length };
    };
    expect(await gets(["192.0.2.1"])).toEqual({ asked: [`GET ${HOST} 192.0.2.1`], fetches: 0 });
    expect(await gets(["192.0.2.1", "192.0.2.1"])).toEqual({ asked: [`GET ${HOST} 192.0.2.1`], fetches: 0 });
    expect(await gets(["192.0.2.1", "192.0.2.2"])).toEqual({
      asked: [`GET ${HOST} 192.0.2.1`, `GET ${HOST} 192.0.2.2`],
      fetches: 2,
    });
    const many = await gets(Array.from({ length: 9 }, (_, i) => `192.0.2.${i}`));
    expect([many.asked.length, many.fetches]).toEqual([8, 8]);
  });

  describe("the fetch of a sender is that from the first address that accepts a connection", () => {
    const [FOUR, OTHER, SIX] = ["192.0.2.1", "192.0.2.2", "2001:db8::1"];
    const fails = (address: string, failure: FetchFailure): PolicyFetchFact =>
      notReached(failure, { attempts: [{ address, failure, detail: "test" }], milliseconds: 10 });
    /** What is gathered where the addresses behave so. */
    function gathering(facts: Record<string, PolicyFetchFact | Promise<PolicyFetchFact>>) {
      const all = Object.keys(facts);
      const [six, four] = [all.filter((one) => one.includes(":")), all.filter((one) => !one.includes(":"))];
      const { probes } = world({ hosts: { [HOST]: addressesAt(HOST, four, six) } });
      return gather(DOMAIN, { ...probes, fetchPolicy: async (_, address) => facts[address] ?? fetched() }, AT);
    }
    const tried = (fact: PolicyFetchFact | null) => fact?.attempts.map(({ address }) => address);

    test("RFC 8305 §4: IPv6 before IPv4; what failed before it is an attempt, and takes its time", async () => {
      const four = fetched({ address: FOUR, milliseconds: 30 });
      const six = fails(SIX, "connection-refused");
      const { policyFetch, policyFetches } = await collect(gathering({ [FOUR]: four, [SIX]: six }));
      expect(policyFetch).toEqual({ ...four, attempts: six.attempts, milliseconds: 40 });
      expect(policyFetches).toEqual([six, four]);
    });

    test("whatever comes of the connection", async () => {
      const six = fetched({ address: SIX, tls: null, http: null, failure: { code: "tls-handshake", detail: "alert" } });
      const { policyFetch } = await collect(gathering({ [FOUR]: fetched({ address: FOUR }), [SIX]: six }));
      expect(policyFetch).toEqual(six);
    });

    test("those behind it are not waited for", async () => {
      const never = new Promise<never>(() => {});
      const facts = { [FOUR]: fetched({ address: FOUR }), [OTHER]: never, [SIX]: fails(SIX, "address-refused") };
      expect(await gathering(facts).policyFetch).toMatchObject({ address: FOUR, attempts: [{ address: SIX }] });
    });

    test("where all fail, it is told by one that was tried", async () => {
      const facts = { [FOUR]: fails(FOUR, "connection-timeout"), [OTHER]: fails(OTHER, "address-refused") };
      const { policyFetch } = await collect(gathering({ ...facts, [SIX]: fails(SIX, "no-route-here") }));
      expect(policyFetch).toMatchObject({ address: null, failure: { code: "connection-timeout" }, milliseconds: 30 });
      expect(tried(policyFetch)).toEqual([SIX, FOUR, OTHER]);
      const refused = { [FOUR]: fails(FOUR, "address-refused"), [OTHER]: fails(OTHER, "address-refused") };
      expect((await collect(gathering(refused))).policyFetch).toMatchObject({ failure: { code: "address-refused" } });
    });
  });

  test("H2: the CAA records at the closest name that has some", async () => {
    const closest = async (...caa: string[]) => (await look(world({ caa }).probes)).policyHostCaa?.name;
    expect(await closest(HOST, DOMAIN)).toBe(HOST);
    expect(await closest(DOMAIN)).toBe(DOMAIN);
    expect(await closest("org")).toBeUndefined();
  });
});

describe("names below the domain (M36)", () => {
  const mxAt = (name: string) => found(name, "MX", [{ preference: 10, exchange: "mx1.example.org" }]);

  test("only those with an MX, each with its own record", async () => {
    const [news, lists] = [`news.${DOMAIN}`, `lists.${DOMAIN}`];
    const { asked, probes } = world({ mx: [mxAt(news), failed(lists, "MX", "no-data")] });
    const facts = await look(probes);
    expect(facts.subdomains).toMatchObject([{ name: news, mx: mxAt(news), stsTxt: { name: `_mta-sts.${news}` } }]);
    expect(asked).not.toContain(`TXT _mta-sts.${lists}`);
  });

  test("one that nobody would use, another in each lookup", async () => {
    const names: string[] = [];
    const { probes } = world();
    const resolveMx = async (name: string) => {
      if (MADE_UP.test(name)) names.push(name);
      return name === DOMAIN ? probes.resolveMx(name) : mxAt(name);
    };
    const facts = await look({ ...probes, resolveMx });
    await look({ ...probes, resolveMx });
    expect(facts.subdomains).toHaveLength(BELOW.length);
    expect(new Set(names).size).toBe(2);
  });
});

test("questions that do not depend on one another are asked side by side", async () => {
  const { probes } = world();
  const never = new Promise<never>(() => {});
  const asked: string[] = [];
  const noted = <T>(ask: (name: string) => Promise<T>) =>
    vi.fn((name: string) => {
      asked.push(name.replace(MADE_UP, "sealpost-*."));
      return ask(name);
    });
  gather(
    DOMAIN,
    {
      ...probes,
      resolveMx: noted(() => never),
      resolveTxt: noted(() => never),
      resolveAddresses: noted(() => never),
      resolveSoa: noted(() => never),
      resolveCaa: noted(() => never),
    },
    AT,
  );
  const below = BELOW.map((label) => `${label}.${DOMAIN}`);
  const signed = ["", "com", "org"];
  expect(asked.toSorted()).toEqual(
    [`_mta-sts.${DOMAIN}`, `_smtp._tls.${DOMAIN}`, DOMAIN, HOST, HOST, ...below, ...signed].toSorted(),
  );
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
    const { probes } = world();
    const broken = Object.fromEntries(Object.keys(probes).map((name) => [name, fail])) as unknown as Probes;
    const facts = await look(broken);
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
