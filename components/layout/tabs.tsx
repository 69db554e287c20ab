"use client";

import clsx from "clsx";
import Link from "next/link";
import { usePathname } from "next/navigation";

/** Links to the pages of one thing; the current one is marked. */
export function Tabs({ label, tabs }: { label: string; tabs: { href: string; name: string; count?: number }[] }) {
  const path = decodeURI(usePathname());
  // The longest address that the path is below, so that a report's page keeps "Reports" marked.
  const current = tabs
    .filter((tab) => path === tab.href || path.startsWith(`${tab.href}/`))
    .reduce((best, tab) => (tab.href.length > best.length ? tab.href : best), "");
  return (
    <nav aria-label={label} className="-mx-4 overflow-x-auto border-line border-b px-4">
      <ul className="flex gap-5">
        {tabs.map((tab) => (
          <li key={tab.href}>
            <Link
              href={tab.href}
              aria-current={tab.href === current ? "page" : undefined}
              className={clsx(
                "-mb-px inline-flex items-center gap-1.5 whitespace-nowrap border-b-2 py-2",
                tab.href === current ? "border-accent font-semibold" : "border-transparent text-muted hover:text-text",
              )}
            >
              {tab.name}
              {tab.count !== undefined && tab.count > 0 && (
                <span className="rounded-md border border-line px-1.5 text-xs tabular-nums">
                  {tab.count.toLocaleString("en")}
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
