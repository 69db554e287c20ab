import clsx from "clsx";
import Link from "next/link";

interface TypeTab {
  policyType: string;
  name: string;
  successes: number;
  failures: number;
  href: string;
}

/** The policy types of a period, one at a time: the same session can be reported under several (standards.md B2.4). */
export function TypeTabs({ current, types }: { current: string; types: readonly TypeTab[] }) {
  if (types.length < 2) return null;
  return (
    <nav aria-label="Policy type">
      <ul className="flex flex-wrap gap-2">
        {types.map((type) => (
          <li key={type.policyType}>
            <Link
              href={type.href}
              scroll={false}
              aria-current={type.policyType === current ? "true" : undefined}
              className={clsx(
                "inline-block rounded-md border px-3 py-1",
                type.policyType === current
                  ? "border-accent font-semibold"
                  : "border-line-strong text-muted hover:bg-sunken",
              )}
            >
              {type.name}{" "}
              <span className="font-normal text-muted text-xs tabular-nums">
                {(type.successes + type.failures).toLocaleString("en")} sessions
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
