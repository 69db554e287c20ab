import { expect, it } from "vitest";
import { replyOf } from "#lib/doors/smtp-reply.ts";
import type { ReceiveOutcome } from "#lib/reports/receive.ts";

const stored = { id: "1", domain: "a.example", organization: "G", day: "2026-11-01", quirks: [], held: false };

it.each<[ReceiveOutcome[], string]>([
  [[{ ...stored, outcome: "stored" }], "2.0.0 stored 1"],
  [[{ ...stored, outcome: "revision" }], "2.0.0 revision 1"],
  [[{ ...stored, outcome: "stored", held: true }], "2.0.0 stored 1, held for review"],
  [[{ ...stored, outcome: "duplicate" }], "2.0.0 known already"],
  [[{ outcome: "quarantined", id: "2", code: "c", reason: "No." }], "2.0.0 kept in quarantine: No."],
  [[{ outcome: "refused", code: "c", reason: "Too much." }], "2.0.0 not kept: Too much."],
  [Array(5).fill({ ...stored, outcome: "duplicate" }), "2.0.0 known already; known already; known already; and 2 more"],
  [[{ outcome: "quarantined", id: "2", code: "c", reason: "\r\n250 é€" }], "2.0.0 kept in quarantine: ?250 ?"],
])("%o is told in one line", (outcomes, reply) => {
  expect(replyOf(outcomes)).toBe(reply);
});

it("is no longer than a line of the protocol may be (RFC 5321 §4.5.3.1.5)", () => {
  const reply = replyOf([{ outcome: "quarantined", id: "2", code: "c", reason: "x".repeat(4_096) }]);
  expect(`250 ${reply}\r\n`.length).toBeLessThanOrEqual(512);
});
