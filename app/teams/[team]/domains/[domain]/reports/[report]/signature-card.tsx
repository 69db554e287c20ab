import { doorName } from "#components/reports/doors.ts";
import { SignatureBadge } from "#components/reports/signature-badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { Reported } from "#components/ui/reported.tsx";
import { type SignatureKind, signatureKind } from "#lib/reports/signature-kind.ts";
import { speaksFor } from "#lib/reports/speaks-for.ts";
import { domainIn } from "#lib/standards/report-hints.ts";

const MEANING: Record<SignatureKind, string> = {
  signed: "The domain that the report says it is from has signed the mail.",
  unsigned:
    "Reporters have to sign their mails with DKIM (RFC 8460 §3). Without a signature anybody could have written this one.",
  other:
    "Somebody else has signed the mail, not whom the report names: a forwarder or a list perhaps, or somebody who pretends.",
  invalid:
    "A signature that does not hold proves nothing. Lists and gateways change mails on their way, and break it; a forger cannot make one.",
  unchecked:
    "The signer's key could not be looked up, which says nothing about the mail. It is tried again every few minutes, for four days.",
};

/** Whether a reporter's name is a domain of whoever signed: only such a name is proven with it. */
function isNamedAfter(organization: string, signer: string | null): boolean {
  const domain = domainIn(organization);
  return domain !== null && signer !== null && speaksFor(signer, domain);
}

/** Whether the report is from whom it says, and how that is known. */
export function SignatureCard(props: {
  dkim: string | null;
  dkimSigner: string | null;
  dkimReason: string | null;
  contact: string | null;
  organization: string;
  door: string;
}) {
  const { dkimSigner, dkimReason, organization, door } = props;
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
          {kind === "signed" && !isNamedAfter(organization, dkimSigner) && (
            <p>
              The name “
              <Reported text={organization} />” is only what the report says: a signature proves the domain, and anybody
              may write any name.
            </p>
          )}
        </div>
      )}
    </Card>
  );
}
