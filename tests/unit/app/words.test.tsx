import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { BarList } from "#components/charts/bar-list.tsx";
import { Rate } from "#components/domains/rate.tsx";
import { isQuiet } from "#components/reports/doors.ts";
import { ago } from "#components/ui/time.tsx";

const NOW = new Date("2026-11-22T12:00:00Z");
const before = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);
const textOf = (markup: string) => markup.replace(/<[^>]*>/g, "");

it.each([
  [0, "just now", "no time at all"],
  [-4, "just now", "a clock that is a little behind"],
  [5, "5 seconds ago", "some"],
  [120, "2 minutes ago", "more"],
  [-86_400 * 3, "in 3 days", "what is to come"],
])("%i seconds before are %o: %s", (seconds, expected, _reason) => {
  expect(ago(before(seconds), NOW)).toBe(expected);
});

it.each([
  [undefined, true, "never anything"],
  [before(86_400 * 8), true, "more than a week"],
  [before(86_400 * 6), false, "a long weekend"],
])("%o is quiet: %o", (last, expected, _reason) => {
  expect(isQuiet(last, NOW)).toBe(expected);
});

it("a rate says what it counts where no heading does", () => {
  expect(textOf(renderToStaticMarkup(<Rate successes={990} failures={10} />))).toBe("10 of 1,000 (1.0 %)");
  expect(textOf(renderToStaticMarkup(<Rate successes={990} failures={10} words />))).toBe(
    "10 of 1,000 sessions failed (1.0 %)",
  );
});

describe("a list of bars", () => {
  const shown = (count: number) => {
    const lines = Array.from({ length: count }, (_, number) => ({
      ...{ key: `${number}`, label: `R${number}`, token: null, value: count - number, href: "/" },
    }));
    return renderToStaticMarkup(<BarList caption="c" of="o" unit="u" empty="none" lines={lines} />);
  };

  it("folds those after the first ones away", () => {
    expect(shown(15)).not.toContain("<details");
    expect(shown(40)).toContain("25 more");
    expect(shown(40).indexOf("R14")).toBeLessThan(shown(40).indexOf("<details"));
    expect(shown(40).indexOf("R15")).toBeGreaterThan(shown(40).indexOf("<details"));
  });
});
