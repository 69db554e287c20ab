import { expect, it } from "vitest";
import { chosenFiles } from "#components/reports/folder-files.ts";
import { inBatches } from "#components/reports/send-files.ts";

const MB = 1024 * 1024;
const chosen = (size: number) => ({ path: "r.json", file: { size } as File });
const sizes = (...bytes: number[]) => inBatches(bytes.map(chosen)).map((batch) => batch.length);

it.each([
  [[], [], "nothing"],
  [Array(100).fill(1), [100], "as many as one request takes"],
  [Array(101).fill(1), [100, 1], "one more"],
  [Array(1_234).fill(1), [...Array(12).fill(100), 34], "a folder"],
  [[4 * MB, 4 * MB, 1], [2, 1], "as large as one request may be"],
  [[20 * MB, 1], [1, 1], "a large file goes alone"],
])("%# goes in requests", (bytes, batches, _reason) => {
  expect(sizes(...bytes)).toEqual(batches);
});

it("leaves hidden files of a folder out, and takes those that are named", () => {
  const file = (name: string, webkitRelativePath = "") => ({ name, webkitRelativePath }) as File;
  const files = [
    file("r.json", "mails/cur/r.json"),
    file(".DS_Store", "mails/.DS_Store"),
    file("config", "mails/.git/config"),
    file("Thumbs.db", "mails/Thumbs.db"),
    file(".json"),
  ];
  expect(chosenFiles(files).map(({ path }) => path)).toEqual(["mails/cur/r.json", ".json"]);
});
