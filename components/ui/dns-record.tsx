import { CopyButton } from "./copy-button.tsx";
import { ScrollBox } from "./scroll-box.tsx";

/** A DNS record to publish, exactly as it has to be, with a copy button for each part. */
export function DnsRecord({ name, type = "TXT", value }: { name: string; type?: string; value: string }) {
  return (
    <div className="space-y-2 rounded-md border border-line bg-sunken p-3">
      <CopyLine label={`Name of the ${type} record`} text={name} what="the record's name" />
      <CopyLine label="Value" text={value} what="the record's value" />
    </div>
  );
}

/** A text file to publish at an address. */
export function FileToPublish({ address, text }: { address: string; text: string }) {
  return (
    <div className="space-y-2 rounded-md border border-line bg-sunken p-3">
      <p className="break-all font-mono">{address}</p>
      <ScrollBox label="Text of the file">
        <pre className="rounded-md border border-line bg-panel p-2 font-mono">{text}</pre>
      </ScrollBox>
      <CopyButton text={text} what="the file's text" />
    </div>
  );
}

/** A text with its name and a copy button. */
export function CopyLine({ label, text, what }: { label: string; text: string; what: string }) {
  return (
    <div className="flex items-end justify-between gap-3">
      <p className="min-w-0">
        <span className="block text-muted text-xs">{label}</span>
        <span className="break-all font-mono">{text}</span>
      </p>
      <CopyButton text={text} what={what} />
    </div>
  );
}
