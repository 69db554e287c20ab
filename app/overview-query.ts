import { isStatus } from "#lib/checks/verdict.ts";
import { OVERVIEW_SORTS, type OverviewQuery, type OverviewSort } from "#lib/db/domain-overview.ts";
import { one, type SearchParams } from "./page-props.ts";

/** The part of an address that says which of a team's domains are shown, and in which order. */
export type OverviewView = Pick<OverviewQuery, "text" | "state" | "sort" | "descending">;

/** How a column is sorted at first: what asks for attention on top. */
const DESCENDING: Record<OverviewSort, boolean> = {
  ...{ state: true, name: false, looked: false, mode: true },
  ...{ failures: true, report: true },
};

/** Reads the query of an address; what is not understood falls back to the default. */
export function readOverviewView(query: SearchParams): OverviewView {
  const asked = one(query.sort);
  const sort = OVERVIEW_SORTS.find((name) => name === asked) ?? "state";
  const order = one(query.order);
  const state = one(query.state);
  return {
    text: one(query.q)?.trim().toLowerCase().slice(0, 253) || null,
    state: state !== null && (state === "none" || isStatus(state)) ? state : null,
    sort,
    descending: order === null ? DESCENDING[sort] : order === "desc",
  };
}

/** The query of an address that shows the same, on another page perhaps. */
export function overviewQuery({ text, state, sort, descending }: OverviewView, page = 1): string {
  const search = new URLSearchParams();
  if (text !== null) search.set("q", text);
  if (state !== null) search.set("state", state);
  if (sort !== "state" || descending !== DESCENDING[sort]) search.set("sort", sort);
  if (descending !== DESCENDING[sort]) search.set("order", descending ? "desc" : "asc");
  if (page > 1) search.set("page", String(page));
  const query = search.toString();
  return query === "" ? "" : `?${query}`;
}

/** The view that a click on a column's heading leads to: that order, or the other direction of it. */
export function sortedBy(view: OverviewView, sort: OverviewSort): OverviewView {
  return { ...view, sort, descending: view.sort === sort ? !view.descending : DESCENDING[sort] };
}
