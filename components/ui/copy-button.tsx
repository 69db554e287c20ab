"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./button.tsx";

/** Copies a text; says so where a screen reader hears it. Where the text does not stand beside it, the label says what. */
export function CopyButton({ text, what, label }: { text: string; what: string; label?: string }) {
  const [copied, setCopied] = useState<"" | "done" | "failed">("");
  useEffect(() => {
    if (copied === "") return;
    const timer = setTimeout(() => setCopied(""), 2_500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied("done");
    } catch {
      setCopied("failed"); // no permission, or no HTTPS: the text can still be selected
    }
  };
  return (
    <>
      <Button onClick={() => void copy()} aria-label={label === undefined ? `Copy ${what}` : undefined}>
        {copied === "done" ? (
          <Check aria-hidden="true" className="size-4" />
        ) : (
          <Copy aria-hidden="true" className="size-4" />
        )}
        {copied === "done" ? "Copied" : (label ?? "Copy")}
      </Button>
      <span role="status" className="sr-only">
        {copied === "done" && `${what} copied`}
        {copied === "failed" && "Copying is not allowed here; select the text instead"}
      </span>
    </>
  );
}
