import { makePolicy, makeReport, makeReportFile } from "#prisma/seed.ts";
import type { Account } from "./account.ts";

/** A report that was made for a test, and what it says. */
export interface Sent {
  id: string;
  fileName: string;
  bytes: Buffer;
  successes: number;
  failures: number;
}

/** What came back for a request: a status, or null when the connection broke. */
export interface Answer {
  status: number | null;
  error: string | null;
  /** Outcomes of each file, in turn. */
  files: { outcome: string; code?: string; reason?: string }[][];
}

/** Another small report about a domain, unlike all others; spread over a month and four reporters. */
export function makeSent(number: number, domain = "example.org"): Sent {
  const id = `report-${number}`;
  const successes = 100 + (number % 97);
  const failures = number % 3;
  const details =
    failures === 0
      ? []
      : [
          {
            "result-type": number % 2 ? "certificate-expired" : "validation-failure",
            "failed-session-count": failures,
            "receiving-mx-hostname": `mx${number % 4}.${domain}`,
          },
        ];
  const day = new Date(Date.UTC(2026, 9, 1 + (number % 31))).toISOString().slice(0, 10);
  const organization = ["Google Inc.", "Microsoft Corporation", "Mail.ru", "Comcast"][number % 4] ?? "";
  const report = makeReport({ id, day, organization, policies: [makePolicy({ domain, successes, details })] });
  return { id, ...makeReportFile(report), successes, failures };
}

/** Uploads files in one request, as the page does. Never rejects. */
export async function upload(
  account: Account,
  files: readonly { fileName: string; bytes: Buffer }[],
  signal?: AbortSignal,
): Promise<Answer> {
  const form = new FormData();
  for (const { fileName, bytes } of files) form.append("file", new Blob([new Uint8Array(bytes)]), fileName);
  try {
    const init = { method: "POST", headers: account.headers, body: form, ...(signal ? { signal } : {}) };
    const response = await fetch(account.uploads, init);
    const answer = await response.json();
    const files = (answer.files ?? []).map((file: { outcomes: Answer["files"][number] }) => file.outcomes);
    return { status: response.status, error: answer.error ?? null, files };
  } catch {
    return { status: null, error: null, files: [] };
  }
}
