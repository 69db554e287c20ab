import { doorName } from "#components/reports/doors.ts";
import { ActiveFilters, PeriodFilter } from "#components/reports/filters.tsx";
import { OUTCOME_WORDS } from "#components/reports/outcome-badge.tsx";
import { PRESETS } from "#lib/failures/period.ts";
import { meaningOf, policyTypeName } from "#lib/standards/token-meanings.ts";
import { type ReportQuery, reportQuery } from "./report-query.ts";

/** The period and the filters in force of a page at `path`, each a link or a form that changes the address. */
export function QueryBar({ query, path, showType }: { query: ReportQuery; path: string; showType: boolean }) {
  const here = (change: Parameters<typeof reportQuery>[1]) => `${path}${reportQuery(query, change)}`;
  const { period, policyType, organization, resultType, cause, mx, door, outcome } = query;
  const filters = [
    organization !== null && { name: "Reporter", value: organization, href: here({ reporter: null }) },
    showType &&
      policyType !== null && { name: "Policy type", value: policyTypeName(policyType), href: here({ type: null }) },
    (resultType !== null || cause !== null) && {
      name: "Result",
      value: meaningOf(cause ?? resultType ?? ""),
      href: here({ result: null, cause: null }),
    },
    mx !== null && { name: "Mail host", value: mx || "not given", href: here({ mx: null }) },
    door !== null && { name: "Door", value: doorName(door), href: here({ door: null }) },
    outcome !== null && { name: "Outcome", value: OUTCOME_WORDS[outcome], href: here({ outcome: null }) },
  ].filter((filter) => filter !== false);
  return (
    <>
      <PeriodFilter
        presets={PRESETS.map((days) => ({
          days,
          href: here({ period: String(days), from: null, to: null }),
          current: days === period.preset,
        }))}
        from={period.from}
        to={period.to}
        keep={Object.fromEntries(new URLSearchParams(reportQuery(query, { period: null, from: null, to: null })))}
      />
      <ActiveFilters filters={filters} />
    </>
  );
}
