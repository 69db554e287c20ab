import type { Metadata } from "next";
import type { PageProps } from "#app/page-props.ts";
import { teamAccess } from "#app/session.ts";
import { AddManyForm } from "#components/domains/add-many-form.tsx";
import { LookProgress } from "#components/domains/look-progress.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { overviewOf } from "#lib/domains/overview.ts";
import { LONGEST_LIST } from "#lib/domains/parse-list.ts";
import { addManyAction } from "./actions.ts";

const COUNTS_ONLY = { text: null, state: null, sort: "name", descending: false, skip: 0, take: 0 } as const;

type Props = PageProps<{ team: string }>;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { team } = await teamAccess((await params).team, "domain.add");
  return { title: `Add many domains to ${team.name}` };
}

/** The form for a list of domains, and how far the lookups of the added ones are. */
export default async function AddManyPage({ params }: Props) {
  const { team } = await teamAccess((await params).team, "domain.add");
  const { team: all } = await overviewOf(team.id, COUNTS_ONLY);
  return (
    <>
      <PageHeading
        title="Add many domains"
        aside={<ButtonLink href={`/teams/${team.slug}`}>All domains of the team</ButtonLink>}
      >
        Those that can be added are, whatever the other lines hold; each refused line is shown with its reason.
      </PageHeading>
      <LookProgress domains={all.domains} waiting={all.waiting} />
      <AddManyForm action={addManyAction.bind(null, team.slug)} longest={LONGEST_LIST} />
    </>
  );
}
