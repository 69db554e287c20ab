import type { BadgeState } from "#lib/lookups/badge-state.ts";

const LABEL = "mail transport";
/** Dark enough for white text: 4.5:1 at least (WCAG 1.4.3). The words say the same. */
const COLOURS: Record<BadgeState, string> = {
  enforced: "#15803d",
  testing: "#b45309",
  "not protected": "#b91c1c",
  "not known": "#475569",
};
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** A badge as SVG; nothing in it comes from the network. @param checkedAt of the lookup that it rests on */
export function badgeSvg(state: BadgeState, checkedAt: Date | null): string {
  const [left, right] = [widthOf(LABEL), widthOf(state)];
  const seen = checkedAt === null ? "" : ` (seen ${DAY.format(checkedAt)})`;
  const text = (words: string, from: number, width: number) =>
    `<text x="${from + width / 2}" y="14" textLength="${width - 12}">${words}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-labelledby="title">`,
    `<title id="title">${LABEL}: ${state}${seen}</title>`,
    `<rect width="${left}" height="20" fill="#334155"/>`,
    `<rect x="${left}" width="${right}" height="20" fill="${COLOURS[state]}"/>`,
    `<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" aria-hidden="true">`,
    `${text(LABEL, 0, left)}${text(state, left, right)}</g></svg>\n`,
  ].join("");
}

/** Room for a text of 11 px; `textLength` makes every font fill it. */
function widthOf(text: string): number {
  return Math.round(text.length * 6.6) + 12;
}
