import clsx from "clsx";
import { CircleCheck, Link2, OctagonX, Unlink } from "lucide-react";
import { type ChainLink, chainLinks, type Served } from "./chain-links.ts";
import { shownText } from "./dns-text.ts";

const MOST_NAMES = 6;

/** A served chain drawn as one: from the host's certificate to the root, with each link that holds or does not. */
export function CertificateChain(props: {
  tls: Served;
  /** The name that the certificate has to hold. */
  host: string;
  checkedAt: string;
}) {
  const { tls, host, checkedAt } = props;
  if (tls.chain.length === 0) return <p className="text-muted">No certificate was sent.</p>;
  return (
    <>
      <ol>
        {chainLinks(tls, host, Date.parse(checkedAt)).map((link, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a hostile chain can hold one certificate twice; it never changes.
          <li key={index}>
            <Certificate link={link} />
            <Next next={link.next} />
          </li>
        ))}
      </ol>
      {tls.chainError && (
        <p className="text-muted">
          The verifier says: {tls.chainError.message} (<span className="font-mono">{tls.chainError.code}</span>).
        </p>
      )}
    </>
  );
}

function Certificate({ link: { certificate, role, key, days, faults } }: { link: ChainLink }) {
  const { subject, dnsNames, notBefore, notAfter, fingerprint256 } = certificate;
  return (
    <div
      className={clsx(
        "max-w-2xl space-y-1 rounded-md border bg-sunken p-3",
        faults.length > 0 ? "border-fail" : "border-line",
      )}
    >
      <p className="flex flex-wrap gap-x-3">
        <span className="text-muted">{role}</span>
        <span className="font-mono [overflow-wrap:anywhere]">{shownText(subject) || "(no subject)"}</span>
      </p>
      {dnsNames.length > 0 && (
        <p className="font-mono text-xs [overflow-wrap:anywhere]">
          {dnsNames.slice(0, MOST_NAMES).map(shownText).join(", ")}
          {dnsNames.length > MOST_NAMES && ` and ${dnsNames.length - MOST_NAMES} more names`}
        </p>
      )}
      <p className="text-xs tabular-nums">
        {day(notBefore)} to {day(notAfter)}
        {days !== null && (days < 0 ? ` (expired ${plural(-days)} ago)` : ` (${plural(days)} left)`)}
        {key !== null && ` · ${key}`}
      </p>
      {faults.map((fault) => (
        <p key={fault} className="flex items-center gap-1.5 font-semibold text-fail [overflow-wrap:anywhere]">
          <OctagonX aria-hidden="true" className="size-4 shrink-0" />
          {shownText(fault)}
        </p>
      ))}
      <p className="break-all font-mono text-muted text-xs">SHA-256 {shownText(fingerprint256)}</p>
    </div>
  );
}

function Next({ next: { holds, text } }: { next: ChainLink["next"] }) {
  const isEnd = text.includes("trusted root");
  const Icon = holds ? (isEnd ? CircleCheck : Link2) : Unlink;
  return (
    <p
      className={clsx(
        "flex items-center gap-1.5 px-3 py-1.5 text-xs",
        holds ? "text-muted" : "font-semibold text-fail",
      )}
    >
      <Icon aria-hidden="true" className="size-4 shrink-0" />
      <span className="[overflow-wrap:anywhere]">{shownText(text)}</span>
    </p>
  );
}

function day(time: string): string {
  const at = Date.parse(time);
  return Number.isNaN(at) ? shownText(time) : new Date(at).toISOString().slice(0, 10);
}

function plural(days: number): string {
  return `${days.toLocaleString("en")} ${days === 1 ? "day" : "days"}`;
}
