import { describe, expect, it } from "vitest";
import { detailsHeadline, headline } from "#lib/failures/headline.ts";

const day = (text: string) => text;
const point = (name: string, successes: number | null, failures: number | null) => ({
  ...{ day: name, successes, failures },
  reports: successes === null ? 0 : 1,
});
const detail = (name: string, cause: string, mx: string, sessions: number) => ({ day: name, cause, mx, sessions });

describe("headline", () => {
  it.each([
    [[point("a", null, null)], [], "No report came in for this period."],
    [[point("a", 5, 0)], [], "No session failed on the one day with a report."],
    [[point("a", 5, 0), point("b", 5, 0)], [], "No session failed on the 2 days with a report."],
    [[point("a", 1999, 1)], [], "1 of 2,000 sessions failed on the one day with a report."],
    [
      [point("a", 90, 5), point("b", 95, 6)],
      [
        detail("a", "certificate-expired", "mx2.example.org", 5),
        detail("b", "certificate-expired", "mx2.example.org", 6),
      ],
      "11 of 196 sessions failed on the 2 days with a report, all: Certificate had expired at mx2.example.org.",
    ],
    [
      [point("a", 90, 3), point("b", 90, 212)],
      [detail("b", "mx-not-in-policy", "", 200), detail("b", "validation-failure", "", 12)],
      "Failures rose from 3 to 212 on b, mostly: Mail host is not in the policy.",
    ],
    [
      [point("a", 90, 3), point("b", 90, 212)],
      [detail("b", "mx-not-in-policy", "", 100), detail("b", "validation-failure", "", 112)].slice(0, 1),
      "Failures rose from 3 to 212 on b, all: Mail host is not in the policy.",
    ],
    [
      [point("a", 90, 4)],
      [detail("a", "mx-not-in-policy", "", 2), detail("a", "validation-failure", "", 2)],
      "4 of 94 sessions failed on the one day with a report.",
    ],
  ])("%#", (points, details, sentence) => {
    expect(headline(points, details, day)).toBe(sentence);
  });
});

describe("detailsHeadline", () => {
  it.each([
    [[], "No failure detail of this kind was reported."],
    [[detail("a", "x", "", 1)], "1 failed session is counted under this, all: x."],
    [[detail("a", "x", "", 1), detail("b", "y", "", 1)], "2 failed sessions are counted under this."],
  ])("%#", (details, sentence) => {
    expect(detailsHeadline(details)).toBe(sentence);
  });
});
