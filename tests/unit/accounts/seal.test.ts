import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seal, unseal } from "#lib/accounts/seal.ts";

const SECRET = "a secret of at least 32 characters";
const OWNER = "0197e3a0-0000-7000-8000-000000000001";

describe("a sealed text", () => {
  it("opens with the same secret for the same owner, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), (text, owner) => {
        expect(unseal(SECRET, seal(SECRET, text, owner), owner)).toBe(text);
      }),
    );
  });

  it("does not open with another secret, nor for another owner", () => {
    const sealed = seal(SECRET, "password", OWNER);
    expect(unseal(`${SECRET}!`, sealed, OWNER)).toBeNull();
    expect(unseal(SECRET, sealed, OWNER.replace(/1$/, "2"))).toBeNull();
  });

  it("does not open when any bit of it was changed, or its end is missing", () => {
    const sealed = seal(SECRET, "password", OWNER);
    for (let at = 0; at < sealed.length * 8; at++) {
      const changed = Buffer.from(sealed);
      changed[at >> 3] = (changed[at >> 3] ?? 0) ^ (1 << (at & 7));
      expect(unseal(SECRET, changed, OWNER), `bit ${at}`).toBeNull();
    }
    for (let length = 0; length < sealed.length; length++) {
      expect(unseal(SECRET, sealed.subarray(0, length), OWNER), `${length} octets`).toBeNull();
    }
    expect(unseal(SECRET, randomBytes(100), OWNER)).toBeNull();
  });

  it("shows nothing of the text, and is another one each time", () => {
    const [first, second] = [seal(SECRET, "password", OWNER), seal(SECRET, "password", OWNER)];
    expect(first.equals(second)).toBe(false);
    expect(first.includes("password")).toBe(false);
  });

  it("of version 1 opens for ever", () => {
    const kept = Buffer.from("ASyXy+7mkDOF2LciN+BfLHHoevFGCjtPF+3oHAAUL01xnULBaoSkYL+DAZ8ghYDuYA==", "base64");
    expect(unseal(SECRET, kept, OWNER)).toBe("kept since version 1");
  });
});
