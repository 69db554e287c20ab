import { ButtonLink } from "./button.tsx";

/** "51 to 100 of 1,234 reports" with links to the neighbours; `href` makes a page's address. */
export function Pagination(props: {
  page: number;
  size: number;
  total: number;
  what: string;
  href: (page: number) => string;
}) {
  const { page, size, total, what, href } = props;
  const first = (page - 1) * size + 1;
  const last = Math.min(page * size, total);
  return (
    <nav aria-label={`Pages of ${what}`} className="flex flex-wrap items-center justify-between gap-2 pt-3">
      <p className="text-muted tabular-nums">
        {total === 0
          ? `No ${what}`
          : `${first.toLocaleString("en")} to ${last.toLocaleString("en")} of ${total.toLocaleString("en")} ${what}`}
      </p>
      {total > size && (
        <div className="flex gap-2">
          {page > 1 && <ButtonLink href={href(page - 1)}>Previous</ButtonLink>}
          {last < total && <ButtonLink href={href(page + 1)}>Next</ButtonLink>}
        </div>
      )}
    </nav>
  );
}
