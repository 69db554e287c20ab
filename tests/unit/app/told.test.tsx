import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import type { SearchParams } from "#app/page-props.ts";
import { countsOf, doneQuery, Told } from "#app/told.tsx";
import type { ReceiveOutcome } from "#lib/reports/receive.ts";

const shown = (search: SearchParams) => renderToStaticMarkup(<Told search={search} />);
const stored = (outcome: "stored" | "revision" | "duplicate", held = false): ReceiveOutcome => ({
  ...{ outcome, held, id: "1", domain: "example.org", organization: "Google Inc.", day: "2026-11-01", quirks: [] },
});
const aside: ReceiveOutcome = { outcome: "quarantined", id: "2", code: "text", reason: "This is text." };

it.each([
  [[stored("stored")], "1 report stored and counted"],
  [[stored("duplicate")], "1 report known already: nothing has changed"],
  [
    [stored("stored", true), stored("revision")],
    "1 report stored as another revision of one that was there; 1 report stored and held",
  ],
  [[stored("stored"), stored("stored"), aside], "2 reports stored and counted; 1 part still not taken"],
  [[], "nothing was found there"],
])("%# says what became of a file that was read again", (outcomes, words) => {
  const search = Object.fromEntries(new URLSearchParams(doneQuery("taken", countsOf(outcomes))));
  expect(shown(search)).toContain(words);
});

it("says how many files it was, when it was several", () => {
  expect(shown({ done: "taken", stored: "2", left: "1", files: "3" })).toContain("3 files were read again: 2 reports");
  expect(shown({ done: "discarded", files: "50" })).toContain("50 files are removed for good.");
  expect(shown({ done: "discarded", files: "1" })).toContain("The file is removed for good.");
});

it.each([
  [{}, "nothing was done"],
  [{ done: "constructor" }, "a word that every object knows"],
  [{ done: "<b>" }, "a word of a stranger"],
])("%j shows nothing", (search, _reason) => {
  expect(shown(search)).toBe("");
});

it("shows numbers of an address, and nothing else of it", () => {
  expect(shown({ done: "taken", stored: "<b>", held: "1e9", left: "-1" })).toContain("nothing was found there");
});
