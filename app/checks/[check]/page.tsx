import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { decodedPart, type PageProps } from "#app/page-props.ts";
import { FindingList } from "#components/lookup/finding-list.tsx";
import { Card } from "#components/ui/card.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { ABOUT_CHECKS } from "#lib/checks/about-checks.ts";
import { CATALOGUE } from "#lib/checks/catalogue.ts";
import type { Status } from "#lib/checks/verdict.ts";
import { codesOf, type FindingCode, SHARED_CODES, wordsOf } from "#lib/checks/wording.ts";

type Props = PageProps<{ check: string }>;

const WORST_FIRST: readonly Status[] = ["fail", "warn", "error", "skipped", "info", "pass"];

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const entry = entryOf((await params).check);
  return { title: entry ? `${ABOUT_CHECKS[entry.check].name} · Checks` : "Checks" };
}

/** One check: what it looks at, what it needs, and every finding that it can have. */
export default async function CheckPage({ params }: Props) {
  const entry = entryOf((await params).check);
  if (entry === undefined) notFound();
  const { name, looksAt, matters } = ABOUT_CHECKS[entry.check];
  return (
    <>
      <nav aria-label="Breadcrumb">
        <TextLink href="/checks">All checks</TextLink>
      </nav>
      <PageHeading title={name}>{looksAt}</PageHeading>
      <dl className="max-w-prose space-y-3">
        <Fact name="Why it matters">{matters}</Fact>
        <Fact name="What it needs before">
          {entry.needs.length === 0 ? "Nothing: it is always made." : <Needs checks={entry.needs} />}
        </Fact>
        <Fact name="Its name for programs">
          <code className="font-mono">{entry.check}</code>
        </Fact>
      </dl>
      <Card id="findings" title="Findings">
        <FindingList codes={worstFirst(codesOf(entry.check))} />
      </Card>
      <Card id="shared-findings" title="Findings that every check can have">
        <FindingList codes={worstFirst(SHARED_CODES)} />
      </Card>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="font-semibold">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Needs({ checks }: { checks: (typeof CATALOGUE)[number]["needs"] }) {
  return (
    <>
      Where one of these fails or could not be made, this one is not tested:{" "}
      {checks.map((check, index) => (
        <span key={check}>
          {index > 0 && ", "}
          <TextLink href={`/checks/${check}`} prefetch={false}>
            {ABOUT_CHECKS[check].name}
          </TextLink>
        </span>
      ))}
      .
    </>
  );
}

function entryOf(name: string) {
  return CATALOGUE.find(({ check }) => check === decodedPart(name));
}

function worstFirst(codes: readonly FindingCode[]): FindingCode[] {
  const rank = (code: FindingCode) => WORST_FIRST.indexOf(wordsOf(code).status);
  return codes.toSorted((a, b) => rank(a) - rank(b));
}
