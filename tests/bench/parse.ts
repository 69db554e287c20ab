import { gunzipSync, gzipSync } from "node:zlib";
import { decode } from "#lib/reports/decode.ts";

const ROUNDS = 25;

/** Reports of three sizes in the shape of Google's, as sent: gzipped JSON on one line. */
function makeReport(policies: number, failures: number): Buffer {
  const report = {
    "organization-name": "Google Inc.",
    "date-range": { "start-datetime": "2026-09-03T00:00:00Z", "end-datetime": "2026-09-03T23:59:59Z" },
    "contact-info": "smtp-tls-reporting@google.com",
    "report-id": "2026-09-03T00:00:00Z_example.com",
    policies: Array.from({ length: policies }, (_, p) => ({
      policy: {
        "policy-type": "sts",
        "policy-string": [
          "version: STSv1",
          "mode: testing",
          "mx: mx1.example.com",
          "mx: *.example.net",
          `max_age: ${604800 + p}`,
        ],
        "policy-domain": "example.com",
        "mx-host": ["mx1.example.com", "*.example.net"],
      },
      summary: { "total-successful-session-count": 5326 + p, "total-failure-session-count": failures },
      ...(failures > 0 && {
        "failure-details": Array.from({ length: failures }, (_, f) => ({
          "result-type": f % 3 === 0 ? "validation-failure" : "certificate-expired",
          "sending-mta-ip": `2001:db8:abcd::${(f * 7919).toString(16).slice(-4)}`,
          "receiving-mx-hostname": f % 2 === 0 ? "mx1.example.com" : "mx9.example.org",
          "receiving-ip": `203.0.113.${f % 256}`,
          "failed-session-count": 1 + (f % 13),
        })),
      }),
    })),
  };
  return gzipSync(JSON.stringify(report));
}

/** Time of reading a gzipped report, beside the floor: gunzip and JSON.parse of the same bytes in the same run. */
export async function bench(): Promise<void> {
  const cases: [string, Buffer][] = [
    ["success only", makeReport(1, 0)],
    ["2 failures", makeReport(1, 2)],
    ["100 failures", makeReport(2, 50)],
    ["5,000 failures", makeReport(5, 1_000)],
  ];
  console.log("report           bytes (gz)          floor         parse   ratio");
  for (const [name, gzipped] of cases) {
    const size = gunzipSync(gzipped).length;
    const repeats = Math.max(5, Math.round(8_000_000 / (size + 2_000)));
    await time(5 * repeats, () => decode(gzipped, null));
    const rounds: { floor: number; parse: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const floor = await time(repeats, () => JSON.parse(gunzipSync(gzipped).toString("utf8")));
      rounds.push({ floor, parse: await time(repeats, () => decode(gzipped, null)) });
    }
    // The ratio is taken within each round, since the machine may be slower in one than in another.
    const ratio = median(rounds.map(({ floor, parse }) => parse / floor));
    const columns = [
      name.padEnd(16),
      `${size} (${gzipped.length})`.padEnd(15),
      micros(median(rounds.map(({ floor }) => floor))),
      micros(median(rounds.map(({ parse }) => parse))),
      ratio.toFixed(2).padStart(6),
    ];
    console.log(columns.join(" "));
  }
}

async function time(repeats: number, run: () => unknown): Promise<number> {
  const began = performance.now();
  for (let i = 0; i < repeats; i++) await run();
  return ((performance.now() - began) * 1000) / repeats;
}

function micros(value: number): string {
  return `${value.toFixed(1).padStart(9)} µs`;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
