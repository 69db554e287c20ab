import { Card } from "#components/ui/card.tsx";

/** Why there are no charts yet, and what brings them. */
export function EmptyReports({ mayUpload }: { mayUpload: boolean }) {
  return (
    <Card title="No reports yet" id="no-reports">
      <div className="max-w-prose space-y-2 text-muted">
        <p>
          Senders such as Google and Microsoft write one TLS report a day about each domain that asks for them: how many
          sessions were protected, how many failed, and why. They begin a day or two after the TLS-RPT record is
          published.
        </p>
        <p>
          {mayUpload
            ? "If you have reports already, drop the files or the mails here; nothing has to be unpacked."
            : "An operator of your team can also add reports that came by mail."}
        </p>
      </div>
    </Card>
  );
}
