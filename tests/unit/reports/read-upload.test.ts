import { expect, it } from "vitest";
import { readUpload } from "#lib/reports/read-upload.ts";

it("of a long name the end is kept, and no half of a letter", async () => {
  const form = new FormData();
  form.append("files", new File(["{}"], `${"😀".repeat(100)}a`));
  form.append("files", new File(["{}"], `${"😀".repeat(101)}`));
  const files = await readUpload(new Request("http://x/", { method: "POST", body: form }));
  expect(files.map(({ fileName }) => fileName)).toEqual([`${"😀".repeat(99)}a`, "😀".repeat(100)]);
});
