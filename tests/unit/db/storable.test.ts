import { describe, expect, it } from "vitest";
import { isId, newId } from "#lib/db/new-id.ts";
import { storableJson } from "#lib/db/storable-json.ts";

describe("storableJson", () => {
  it.each([
    ["plain", "plain"],
    ["a\0b", "a\ufffdb"],
    ["half \ud83d pair", "half \ufffd pair"],
    ["\udc00", "\ufffd"],
    ["whole \u{1f600} pair", "whole \u{1f600} pair"],
    ["written \\u0000 as text", "written \\u0000 as text"],
    ["written \\\\u0000 too", "written \\\\u0000 too"],
    ["a backslash before \\\0", "a backslash before \\\ufffd"],
    ["\u001f", "\u001f"],
  ])("%o", (given, expected) => {
    expect(JSON.parse(storableJson({ [given]: given }))).toEqual({ [expected]: expected });
  });
});

describe("newId", () => {
  it("is a UUID of version 7 whose order is that of time", () => {
    const early = newId(1_700_000_000_000);
    const late = newId(1_700_000_000_001);
    expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(early < late).toBe(true);
    expect(isId(early)).toBe(true);
    expect(isId(`${early}'`)).toBe(false);
  });
});
