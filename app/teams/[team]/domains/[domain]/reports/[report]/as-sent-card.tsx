import { Card } from "#components/ui/card.tsx";
import { Reported } from "#components/ui/reported.tsx";
import { rawFileOfReport } from "#lib/db/read-reports.ts";
import { asSent, type JsonPart } from "#lib/reports/as-sent.ts";
import { visibleText } from "#lib/standards/visible-text.ts";

/** The report's JSON, policy by policy, and the headers of its mail, read from the raw bytes. */
export async function AsSentCard({ domainId, id, contentHash }: { domainId: string; id: string; contentHash: string }) {
  const file = await rawFileOfReport(domainId, id);
  const sent = file && (await asSent(file.bytes, file.fileName, contentHash));
  return (
    <Card title="As it was sent" id="as-sent">
      {sent === null ? (
        <p className="text-muted">The report can no longer be found in its file. The download has it as it arrived.</p>
      ) : (
        <div className="space-y-4">
          {sent.mails.map((mail, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the mails around one report never move.
            <details key={index} open={index === 0}>
              <summary className="w-fit text-accent hover:underline">
                {index === 0 ? "Header of the mail" : "Header of the mail around it"}
              </summary>
              <dl className="mt-2 space-y-1 rounded-md border border-line bg-sunken p-2 font-mono text-xs">
                {mail.fields.map(({ name, value }, field) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: fields repeat, and never move.
                  <div key={field} className="break-all">
                    <dt className="inline text-muted">
                      <Reported text={name || "?"} />:
                    </dt>{" "}
                    <dd className="inline">
                      <Reported text={value} most={2_001} />
                    </dd>
                  </div>
                ))}
              </dl>
              {mail.more > 0 && <p className="text-muted text-xs">And {mail.more.toLocaleString("en")} fields more.</p>}
            </details>
          ))}
          <Json name="The report without its policies (JSON)" part={sent.report} />
          {sent.policies.map((policy, index) => (
            <Json
              // biome-ignore lint/suspicious/noArrayIndexKey: the policies of one report never move.
              key={index}
              name={`Policy ${index + 1} of ${sent.policies.length + sent.more} (JSON)`}
              part={policy}
            />
          ))}
          {sent.more > 0 && (
            <p className="text-muted">
              {sent.more.toLocaleString("en")} policies more are not shown here; the download has them.
            </p>
          )}
        </div>
      )}
    </Card>
  );
}

function Json({ name, part }: { name: string; part: JsonPart }) {
  const lines = part.text.split("\n").map((line) => visibleText(line));
  return (
    <details>
      <summary className="w-fit text-accent hover:underline">{name}</summary>
      <pre className="mt-2 whitespace-pre-wrap break-all rounded-md border border-line bg-sunken p-2 font-mono text-xs">
        {lines.join("\n")}
      </pre>
      {part.letters !== null && (
        <p className="text-muted text-xs">
          Cut: {part.text.length.toLocaleString("en")} of {part.letters.toLocaleString("en")} letters are shown; the
          download has them all.
        </p>
      )}
    </details>
  );
}
