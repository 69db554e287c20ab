import { describe, expect, it } from "vitest";
import { keyQuota, TOO_MANY_KEYS } from "#lib/reports/key-quota.ts";
import { MAX_BATCH_KEYS, MAX_FILE_KEYS } from "#lib/reports/limits.ts";

/** A quota that writes down what is asked for. */
function makeQuota() {
  const asked: string[] = [];
  const keysOfFile = keyQuota(async (name) => {
    asked.push(name);
    return [[name]];
  });
  return { asked, keysOfFile };
}

describe("the keys that are looked up for files that are read together", () => {
  it(`are ${MAX_FILE_KEYS} of one file, not one more, and those of another file all the same`, async () => {
    const { asked, keysOfFile } = makeQuota();
    const lookUpKey = keysOfFile();
    for (let i = 0; i < MAX_FILE_KEYS; i++)
      expect(await lookUpKey(`k${i}.example`, "TXT")).toEqual([[`k${i}.example`]]);
    await expect(lookUpKey("more.example", "TXT")).rejects.toMatchObject({ code: TOO_MANY_KEYS });
    expect(await lookUpKey("K0.example", "TXT")).toEqual([["k0.example"]]);
    expect(await keysOfFile()("more.example", "TXT")).toEqual([["more.example"]]);
    expect(asked).toHaveLength(MAX_FILE_KEYS + 1);
  });

  it(`are ${MAX_BATCH_KEYS} of all files, and one that is known costs nothing`, async () => {
    const { asked, keysOfFile } = makeQuota();
    for (let i = 0; i < MAX_BATCH_KEYS; i++) await keysOfFile()(`k${i}.example`, "TXT");
    await expect(keysOfFile()("more.example", "TXT")).rejects.toMatchObject({ code: TOO_MANY_KEYS });
    expect(await keysOfFile()("k7.example", "TXT")).toEqual([["k7.example"]]);
    expect(asked).toHaveLength(MAX_BATCH_KEYS);
  });

  it("are asked for once, by however many mails at the same time", async () => {
    const { asked, keysOfFile } = makeQuota();
    const [one, other] = [keysOfFile(), keysOfFile()];
    await Promise.all([one("k.example", "TXT"), one("K.EXAMPLE", "TXT"), other("k.example", "TXT")]);
    expect(asked).toEqual(["k.example"]);
  });
});
