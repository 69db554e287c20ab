import { Download } from "lucide-react";
import { CopyButton } from "#components/ui/copy-button.tsx";

/** Copies the address of a lookup, to be passed on. */
export function ShareLink({ url }: { url: string }) {
  return (
    <span className="print:hidden">
      <CopyButton text={url} what="the link to this lookup" label="Copy link" />
    </span>
  );
}

/** Downloads a lookup as the command line prints it. No Link: it leads to a file, not to a page. */
export function JsonLink({ href }: { href: string }) {
  return (
    <a
      href={href}
      download
      className="inline-flex items-center gap-2 rounded-md border border-line-strong bg-panel px-3 py-1.5 font-semibold text-sm hover:bg-sunken print:hidden"
    >
      <Download aria-hidden="true" className="size-4" />
      Download JSON
    </a>
  );
}
