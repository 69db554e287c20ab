import { ArrowDown, ArrowUp } from "lucide-react";
import Link from "next/link";

/** A column's heading that leads to the table in its order; the arrow shows where the largest is. */
export function SortLink({ href, label, direction }: { href: string; label: string; direction: "up" | "down" | null }) {
  const Arrow = direction === "down" ? ArrowDown : ArrowUp;
  return (
    <Link href={href} prefetch={false} scroll={false} className="inline-flex items-center gap-1 hover:underline">
      {label}
      {direction && <Arrow aria-hidden="true" className="size-3 shrink-0" />}
    </Link>
  );
}
