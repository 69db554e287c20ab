import type { ImapFlow } from "imapflow";
import { expect, it } from "vitest";
import { afterTaking } from "#lib/doors/after-taking.ts";
import { MailboxFault } from "#lib/doors/mailbox-fault.ts";

/** Notes what is asked of it; refuses all when it is told so. */
function clientWith(capabilities: string[], answers = true) {
  const asked: string[] = [];
  const note =
    (name: string) =>
    async (...given: unknown[]) => {
      asked.push([name, ...given.filter((one) => typeof one !== "object" || Array.isArray(one))].join(" "));
      return answers;
    };
  const client: Record<string, unknown> = { capabilities: new Map(capabilities.map((name) => [name, true])) };
  for (const name of ["messageFlagsAdd", "messageMove", "messageCopy", "messageDelete"]) client[name] = note(name);
  return { client: client as unknown as ImapFlow, asked };
}

it.each([
  ["leave", [], []],
  ["seen", [], ["messageFlagsAdd 3,5 \\Seen"]],
  ["delete", ["UIDPLUS"], ["messageDelete 3,5"]],
  // A plain EXPUNGE would remove whatever anybody has marked.
  ["delete", [], ["messageFlagsAdd 3,5 \\Deleted"]],
  ["move", ["MOVE", "UIDPLUS"], ["messageMove 3,5 Done"]],
  ["move", ["UIDPLUS"], ["messageCopy 3,5 Done", "messageDelete 3,5"]],
  ["move", [], ["messageCopy 3,5 Done", "messageFlagsAdd 3,5 \\Deleted"]],
] as const)("%s, where the server has %j", async (afterwards, capabilities, expected) => {
  const { client, asked } = clientWith([...capabilities]);
  const moveTo = afterwards === "move" ? "Done" : null;
  await afterTaking(client, { afterwards, moveTo, folder: "INBOX" }, [3, 5]);
  expect(asked).toEqual(expected);
});

it("does nothing where nothing was taken, and removes nothing that was not copied", async () => {
  const nothing = clientWith(["MOVE"]);
  await afterTaking(nothing.client, { afterwards: "move", moveTo: "Done", folder: "INBOX" }, []);
  expect(nothing.asked).toEqual([]);
  const { client, asked } = clientWith(["UIDPLUS"], false);
  const moving = afterTaking(client, { afterwards: "move", moveTo: "Done", folder: "INBOX" }, [3]);
  await expect(moving).rejects.toThrow(MailboxFault);
  await expect(moving).rejects.toThrow('does not let it be moved to "Done"');
  expect(asked).toEqual(["messageCopy 3 Done"]);
});
