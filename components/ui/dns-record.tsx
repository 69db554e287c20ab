import { CopyButton } from "./copy-button.tsx";
import { ScrollBox } from "./scroll-box.tsx";

/** A DNS record or file to publish, exactly as it has to be, with a copy button for each part. */
export function DnsRecord({ name, type = "TXT", value }: { name: string; type?: string; value: string }) {
  return (
    <dl className="grid grid-cols-[auto_1fr_auto] items-center gap-x-3 gap-y-2 rounded-md border border-line bg-sunken p-3">
      <Row label="Name" value={name} what="the record's name" />
      <dt className="text-muted text-xs">Type</dt>
      <dd className="col-span-2 font-mono">{type}</dd>
      <Row label="Value" value={value} what="the record's value" />
    </dl>
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

function Row({ label, value, what }: { label: string; value: string; what: string }) {
  return (
    <>
      <dt className="text-muted text-xs">{label}</dt>
      <dd className="min-w-0 break-all font-mono">{value}</dd>
      <dd>
        <CopyButton text={value} what={what} />
      </dd>
    </>
  );
}
