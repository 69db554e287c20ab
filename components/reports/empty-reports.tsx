import { Card } from "#components/ui/card.tsx";
import { DnsRecord } from "#components/ui/dns-record.tsx";
import { TextLink } from "#components/ui/text-link.tsx";

/** Why there are no charts yet, and what brings them. */
export function EmptyReports(props: {
  /** Where reports can be uploaded; null for who may not. */
  uploadHref: string | null;
  /** The TLS-RPT record that has reports sent here; null where there is none, or not for whoever looks. */
  record: { name: string; value: string } | null;
  settingsHref: string;
}) {
  const { uploadHref, record, settingsHref } = props;
  return (
    <Card title="No reports yet" id="no-reports">
      <div className="space-y-3">
        <p className="max-w-prose text-muted">
          Senders such as Google and Microsoft write one TLS report a day about each domain that asks for them: how many
          sessions were protected, how many failed, and why. They begin a day or two after the TLS-RPT record is
          published.
        </p>
        {record && (
          <>
            <p>The record that has them sent here:</p>
            <DnsRecord {...record} />
            <p className="text-muted">
              <TextLink href={`${settingsHref}#heard`}>Have we heard from anyone?</TextLink>
            </p>
          </>
        )}
        <p className="max-w-prose text-muted">
          {uploadHref === null ? (
            "An operator of your team can also add reports that came by mail."
          ) : (
            <>
              If you have reports already, <TextLink href={uploadHref}>drop the files or the mails</TextLink>; nothing
              has to be unpacked.
            </>
          )}
        </p>
      </div>
    </Card>
  );
}
