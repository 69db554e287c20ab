import { hash } from "node:crypto";
import { expect, it } from "vitest";
import { asSent } from "#lib/reports/as-sent.ts";
import { makePolicy, makeReport } from "#prisma/seed.ts";
import { reportMail } from "./sign-mail.ts";

const hashOf = (json: string) => hash("sha256", json);

it("shows a report policy by policy, with the header of its mail", async () => {
  const report = makeReport({ policies: [makePolicy(), makePolicy({ type: "tlsa" })] });
  const mail = reportMail(report, { headers: ["Received: from a\r\n\tby b", "X-Odd: <b>:"] });
  const sent = await asSent(mail, null, hashOf(JSON.stringify(report)));
  const { policies, ...rest } = report;
  expect(JSON.parse(sent?.report.text ?? "")).toEqual(rest);
  expect(sent?.policies.map(({ text }) => JSON.parse(text))).toEqual(policies);
  expect(sent?.mails).toHaveLength(1);
  expect(sent?.mails[0]?.fields.slice(0, 2)).toEqual([
    { name: "Received", value: "from a\tby b" },
    { name: "X-Odd", value: "<b>:" },
  ]);
});

it("has no mail where the report came in none, and is nothing for another report", async () => {
  const json = JSON.stringify(makeReport());
  expect((await asSent(Buffer.from(json), null, hashOf(json)))?.mails).toEqual([]);
  expect(await asSent(Buffer.from(json), null, hashOf(`${json} `))).toBeNull();
  expect(await asSent(Buffer.from("nothing"), null, hashOf("nothing"))).toBeNull();
});

it("cuts what is long, and says how long it is", async () => {
  const json = JSON.stringify(
    makeReport({ policies: [makePolicy({ mx: [] }), makePolicy({ mx: ["m".repeat(4_000)] })] }),
  );
  const long = json.replace(
    '"mx-host":[]',
    `"mx-host":[${Array(20)
      .fill(`"${"x".repeat(2_000)}"`)
      .join()}]`,
  );
  const sent = await asSent(Buffer.from(long), null, hashOf(long));
  expect(sent?.policies[0]).toEqual({ text: expect.any(String), letters: expect.any(Number) });
  expect(sent?.policies[0]?.text).toHaveLength(20_000);
  expect(sent?.policies[0]?.letters).toBeGreaterThan(40_000);
  expect(sent?.policies[1]?.letters).toBeNull();
});
