"use server";

import { revalidatePath } from "next/cache";
import { answerForm } from "#app/form-state.ts";
import { teamAccess } from "#app/session.ts";
import type { AddManyState } from "#components/domains/add-many-form.tsx";
import { type AddedMany, addMany } from "#lib/domains/add-many.ts";
import { decodeList } from "#lib/domains/decode-list.ts";
import { Refused } from "#lib/errors.ts";
import { displayName } from "#lib/standards/domain-name.ts";

/** Registers all domains of a list that can be; what was refused is answered with its line number, to be corrected. */
export async function addManyAction(slug: string, _: AddManyState, form: FormData): Promise<AddManyState> {
  let outcome: AddedMany | null = null;
  const answer = await answerForm(form, async (fields) => {
    const { team, user } = await teamAccess(slug, "domain.add");
    outcome = await addMany(team.id, await listOf(fields.list ?? "", form.get("file")), user);
    revalidatePath(`/teams/${slug}`, "layout");
    return sentenceOf(outcome);
  });
  if (outcome === null) return { ...answer, outcome };
  return { ...answer, values: { list: refusedText(outcome) }, outcome: shown(outcome) };
}

/** What was pasted, or the text of the file. A form without a file still sends an empty one. */
async function listOf(pasted: string, file: FormDataEntryValue | null): Promise<string> {
  if (!(file instanceof File) || file.size === 0) return pasted;
  if (pasted.trim() !== "")
    throw new Refused("Paste a list or choose a file, not both: line numbers would mix.", "list");
  return decodeList(new Uint8Array(await file.arrayBuffer()));
}

function sentenceOf({ added, refused, wide }: AddedMany): string {
  const columns = wide > 0 ? " Only the first column of the list was read." : "";
  const count = added.length === 1 ? "1 domain was added" : `${added.length.toLocaleString("en")} domains were added`;
  if (added.length > 0) return `${count}. ${added.length === 1 ? "It is" : "They are"} looked at next.${columns}`;
  if (refused.length > 0) return `No domain was added.${columns}`;
  return `Nothing was added: the team has all these domains already.${columns}`;
}

/** With names as people write them. */
function shown({ refused, repeated, known }: AddedMany): AddManyState["outcome"] {
  return {
    refused: refused.map((line) => ({ ...line, suggestion: line.suggestion && displayName(line.suggestion) })),
    repeated: repeated.map((line) => ({ ...line, name: displayName(line.name) })),
    known: known.map((line) => ({ ...line, name: displayName(line.name) })),
  };
}

function refusedText({ refused }: AddedMany): string {
  return refused.map(({ text }) => text).join("\n");
}
