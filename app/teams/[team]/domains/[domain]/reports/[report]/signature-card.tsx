import { doorName } from "#components/reports/doors.ts";
import { SignatureBadge } from "#components/reports/signature-badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { Reported } from "#components/ui/reported.tsx";
import { type SignatureKind, signatureKind } from "#lib/reports/signature-kind.ts";

const MEANING: Record<SignatureKind, string> = {
  signed: "The reporter's own domain has signed the mail: it is from whom it says.",
  unsigned:
    "Reporters have to sign their mails with DKIM (RFC 8460 §3). Without a signature anybody could have written this one.",
  other:
    "Somebody else has signed the mail, not whom the report names: a forwarder or a list perhaps, or somebody who pretends.",
  invalid:
    "A signature that does not hold proves nothing. Lists and gateways change mails on their way, and break it; a forger cannot make one.",
  unchecked:
    "The signer's key could not be looked up, which says nothing about the mail. It is tried again every few minutes, for four days.",
};

/** Whether the report is from whom it says, and how that is known. */
export function SignatureCard(props: {
  dkim: string | null;
  dkimSigner: string | null;
  dkimReason: string | null;
  contact: string | null;
  door: string;
}) {
  const { dkimSigner, dkimReason, door } = props;
  const kind = signatureKind(props);
  return (
    <Card title="Whom it is from" id="signature">
      {kind === null ? (
        <p className="max-w-prose">
          It came in no mail, and so has no DKIM signature to check.{" "}
          {door === "https"
            ? "Whoever sent it knew the inbox's address."
            : `It came by ${doorName(door).toLowerCase()}: whoever brought it vouches for it.`}
        </p>
      ) : (
        <div className="max-w-prose space-y-2">
          <p>
            <SignatureBadge kind={kind} signer={dkimSigner} />
          </p>
          {dkimReason !== null && (
            <p>
              <Reported text={dkimReason} most={600} />
            </p>
          )}
          <p className="text-muted">{MEANING[kind]}</p>
        </div>
      )}
    </Card>
  );
}
