"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

const EVERY_MS = 3_000;
/** Longer than the worker waits after a failed fetch. Where nothing changes after that, the page stays as it is. */
const TIMES = 160;

/** Asks for the page's new state from time to time, while it is looked at. Give it another key when that has changed. */
export function AutoRefresh() {
  const router = useRouter();
  useEffect(() => {
    let left = TIMES;
    const timer = setInterval(() => {
      if (document.visibilityState === "hidden") return;
      if (left-- > 0) router.refresh();
      else clearInterval(timer);
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [router]);
  return null;
}
