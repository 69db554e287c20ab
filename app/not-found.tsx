import { ButtonLink } from "#components/ui/button.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";

export const metadata = { title: "Not found" };

/** The same for what does not exist and for what is not yours. */
export default function NotFoundPage() {
  return (
    <>
      <PageHeading title="Not found">
        There is nothing at this address, or it belongs to a team that you are not a member of.
      </PageHeading>
      <ButtonLink href="/">To the start page</ButtonLink>
    </>
  );
}
