import { setBadgeAction } from "#app/teams/[team]/domains/[domain]/actions.ts";
import { ActionForm } from "#components/ui/action-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { CopyLine } from "#components/ui/dns-record.tsx";
import { settings } from "#lib/settings.ts";
import { displayName } from "#lib/standards/domain-name.ts";

/** Whether everybody may see the domain's state as a badge, and what to put where it is to be seen. */
export function BadgeCard({ team, name, isOn }: { team: string; name: string; isOn: boolean }) {
  const { url } = settings();
  const image = `${url}/badge/${name}.svg`;
  const page = `${url}/lookup/${name}`;
  return (
    <Card title="Badge" id="badge" className="max-w-2xl">
      <ActionForm
        action={setBadgeAction.bind(null, team, name, !isOn)}
        submit={isOn ? "Take the badge back" : "Publish the badge"}
        look="secondary"
      >
        {isOn ? (
          <>
            <p className="max-w-prose">
              Everybody can see this badge. It follows the last lookup, and says “not known” when that is older than a
              week.
            </p>
            {/* biome-ignore lint/performance/noImgElement: the badge as others embed it. */}
            <img src={`/badge/${name}.svg`} alt={`Badge of ${displayName(name)}`} height={20} />
            <CopyLine label="Markdown" text={`[![mail transport](${image})](${page})`} what="the Markdown" />
            <CopyLine
              label="HTML"
              text={`<a href="${page}"><img src="${image}" alt="Mail transport security of ${name}" height="20"></a>`}
              what="the HTML"
            />
          </>
        ) : (
          <p className="max-w-prose">
            A small picture for your web site or README that says whether senders have to protect mail to{" "}
            {displayName(name)}: enforced, testing, not protected or not known. Once it is published, everybody can see
            it.
          </p>
        )}
      </ActionForm>
    </Card>
  );
}
