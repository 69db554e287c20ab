import { redirect } from "next/navigation";

/** Leads to the last page of a list when the address asks for one behind it. */
export function leadBack(page: number, size: number, total: number, href: (page: number) => string): void {
  const last = Math.max(1, Math.ceil(total / size));
  if (page > last) redirect(href(last));
}
