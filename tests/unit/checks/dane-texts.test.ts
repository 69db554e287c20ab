import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judge } from "#lib/checks/catalogue.ts";
import type { Verdict } from "#lib/checks/verdict.ts";
import type { DnsFact } from "#lib/probes/dns-fact.ts";
import type { TlsaRecord } from "#lib/probes/dns-rdata.ts";
import { recommendedTlsa, tlsaFor } from "#lib/standards/tlsa.ts";
import { type Made, maker } from "./certificates.ts";
import { factsWith, found, mailHost, mxOf, secure, spoken } from "./facts.ts";

const MX1 = "mx1.example.org";
const NAME = `_25._tcp.${MX1}`;
const { authority, server } = maker();
const root = await authority("Test root");
const oldRoot = await authority("Old root", null, { period: "expired" });
const leaf = await server(MX1, root);
const next = await server(MX1, root);

function of(made: Made, usage: number, selector: number, matchingType: number): TlsaRecord {
  const reading = tlsaFor(made.pem, usage, selector, matchingType);
  if (reading === null) throw new Error("unreadable");
  return reading.record;
}

/** All that is said of a chain by records. */
function verdictsOn(
  records: TlsaRecord[],
  chain: Made[],
  changes: Partial<DnsFact<TlsaRecord>> = {},
  mx = secure(mxOf(MX1)),
): Verdict[] {
  const host = mailHost(MX1, 10, {
    tlsa: [{ base: MX1, records: { ...secure(found(NAME, "TLSA", records)), ...changes } }],
  });
  const addresses = { a: secure(host.addresses.a), aaaa: secure(host.addresses.aaaa) };
  const dialogue = spoken(MX1);
  const tls = dialogue.tls && { ...dialogue.tls, chain: chain.map(({ served }) => served) };
  const facts = { mx, mailHosts: [{ ...host, addresses }], smtp: [{ ...dialogue, tls }] };
  return judge(factsWith(facts)).filter(({ check }) => check.startsWith("dane-"));
}

/** What `dane-match` says, other than what it recommends. */
function matched(...about: Parameters<typeof verdictsOn>): Verdict | undefined {
  return verdictsOn(...about).find(({ check, code }) => check === "dane-match" && code !== "dane-match-recommended");
}

describe("when no record fits", () => {
  const verdict = matched([of(next, 3, 1, 1)], [leaf]);

  test("what is published, what is served and what would fit are told", () => {
    expect(verdict?.detail).toContain(
      `At \`${NAME}\` stand \`${recommendedTlsa(next.pem)}\`. The server has \`CN=${MX1}\``,
    );
    expect(verdict?.fix).toContain(
      `Publish \`${NAME}. IN TLSA ${recommendedTlsa(leaf.pem)}\` beside the present records`,
    );
    expect(verdict?.evidence).toMatchObject({
      records: [recommendedTlsa(next.pem)],
      served: [{ subject: `CN=${MX1}`, fingerprint256: leaf.served.fingerprint256 }],
      reasons: [{ record: recommendedTlsa(next.pem), why: "no-match" }],
    });
  });

  test("the record belongs where the alias of the TLSA name ends", () => {
    const aliased = matched([of(next, 3, 1, 1)], [leaf], { chain: ["_dane.example.org"] });
    expect(aliased?.fix).toContain("Publish `_dane.example.org. IN TLSA 3 1 1 ");
  });
});

describe("where the certificate goes by the name in SNI", () => {
  const END = "mail.provider.example";
  /** What is said of a host that is an alias, has the right certificate for its own name, and this for the alias's end. */
  function said(established: boolean, chain: Made[], detail: string | null): Verdict | undefined {
    const records = secure(found(`_25._tcp.${END}`, "TLSA", [of(leaf, 3, 1, 1)]));
    const host = mailHost(MX1, 10, { tlsa: [{ base: END, records }] });
    const addresses = { a: secure(host.addresses.a), aaaa: secure(host.addresses.aaaa) };
    const dialogue = spoken(MX1);
    const tls = dialogue.tls && { ...dialogue.tls, chain: [leaf.served] };
    const baseSni = { base: END, established, chain: chain.map(({ served }) => served), detail };
    const facts = { mx: secure(mxOf(MX1)), mailHosts: [{ ...host, addresses }], smtp: [{ ...dialogue, tls, baseSni }] };
    return judge(factsWith(facts)).find(({ check, status }) => check === "dane-match" && status === "fail");
  }

  test("both names are told, with what came for the one that counts, and the record that would fit it", () => {
    const verdict = said(true, [next], null);
    expect(verdict?.detail).toContain(`say \`${END}\` in the handshake (SNI)`);
    expect(verdict?.detail).toContain(`what it has for \`${MX1}\` would fit`);
    expect(verdict?.fix).toContain(`ublish \`_25._tcp.${END}. IN TLSA ${recommendedTlsa(next.pem)}\``);
    expect(verdict?.evidence).toMatchObject({ served: [{ fingerprint256: next.served.fingerprint256 }] });
  });

  test("or why no handshake came of it", () => {
    expect(said(false, [], "alert `112`\u202e")?.detail).toContain("For that name it fails (`alert '112'\\u{202e}`)");
  });
});

describe("a certificate that is past its time", () => {
  test("is named with its own date: the one that was sent", async () => {
    const expired = await server(MX1, root, { period: "expired" });
    expect(matched([of(root, 2, 0, 1)], [expired, root])?.detail).toContain(
      `\`CN=${MX1}\` was valid until 2026-11-21.`,
    );
  });

  test("or the one that stands in the record", async () => {
    const verdict = matched([of(oldRoot, 2, 0, 0)], [await server(MX1, oldRoot)]);
    expect(verdict?.code).toBe("dane-match-expired");
    expect(verdict?.detail).toMatch(/was valid until 2026-11-21\./);
  });
});

test("what fits is told with the certificate that it fits", () => {
  expect(matched([of(leaf, 3, 1, 1)], [leaf, root])?.detail).toContain(
    `fits the certificate of the server (\`CN=${MX1}\`)`,
  );
  expect(matched([of(root, 2, 0, 1)], [leaf, root])?.detail).toContain(
    "fits an authority, number 2 of the served chain (`CN=Test root`)",
  );
  expect(matched([of(root, 2, 0, 0)], [leaf])?.detail).toContain("fits an authority that only the record holds");
});

test("over an MX record that is not signed, it is told which senders with DANE look (D8)", () => {
  const note = "those that use the records of a host even where the MX record is not signed";
  for (const served of [leaf, next]) {
    const told = verdictsOn([of(leaf, 3, 1, 1)], [served], {}, mxOf(MX1));
    expect(told.map(({ detail }) => detail.includes(note))).toEqual([true, true]);
    const signed = verdictsOn([of(leaf, 3, 1, 1)], [served]);
    expect(signed.map(({ detail }) => detail.includes(note))).toEqual([false, false]);
  }
});

test("a resolver elsewhere is named, and that the path to it has to be trusted (D1)", () => {
  const resolver = "192.0.2.53:53";
  const note = "by `192.0.2.53:53`, as far as the path to it can be trusted.";
  const [records] = verdictsOn([of(leaf, 3, 1, 1)], [leaf], { resolver });
  expect(records?.detail).toContain(note);
  const verdicts = judge(factsWith({ mx: { ...secure(mxOf(MX1)), resolver } })).filter(
    ({ check }) => check === "dnssec",
  );
  const told = verdicts.find(({ code }) => code === "dnssec-mx-secure");
  expect(told?.detail).toContain(
    "`192.0.2.53:53` found its signatures right, as far as the path to it can be trusted.",
  );
  const distant = verdicts.find(({ code }) => code === "dnssec-resolver-distant");
  expect(distant?.detail).toContain("rests on the word of `192.0.2.53:53`");
});

test("a subject that tries to be more than text stays text", async () => {
  const odd = await server("`<b>`\u202e", root, { names: [MX1] });
  const verdict = matched([of(next, 3, 1, 1)], [odd]);
  expect(verdict?.detail).toContain("The server has `CN='<b>'\\u{202e}`");
});

test("whatever stands in the DNS, both checks have a verdict, and no crash is among them", () => {
  const field = fc.oneof(fc.nat(3), fc.nat(255));
  const octets = fc.uint8Array({ minLength: 1, maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString("hex"));
  const good = [leaf, next, root].flatMap((made) => [of(made, 3, 1, 1).data, of(made, 3, 0, 0).data]);
  const data = fc.oneof(octets, fc.constantFrom(...good));
  const record = fc.record({ usage: field, selector: field, matchingType: field, data });
  const chain = fc.shuffledSubarray([leaf, next, root, oldRoot]);
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 6 }), chain, (records, served) => {
      const verdicts = verdictsOn(records, served);
      expect(new Set(verdicts.map(({ check }) => check))).toEqual(new Set(["dane-records", "dane-match"]));
      expect(verdicts.filter(({ code }) => code === "check-crashed")).toEqual([]);
      for (const { detail, fix } of verdicts)
        expect(`${detail} ${fix}`).not.toMatch(/\{=?\w+\}|undefined|NaN|\[object/);
    }),
    { numRuns: 500 },
  );
});
