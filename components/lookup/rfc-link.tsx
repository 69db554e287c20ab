import { TextLink } from "#components/ui/text-link.tsx";

const PARAGRAPH = /^RFC (\d+) §([\d.]+)$/;

/** A paragraph of an RFC ("RFC 8461 §3.1"), leading to its text. */
export function RfcLink({ reference }: { reference: string }) {
  const [, number, section] = PARAGRAPH.exec(reference) ?? [];
  if (number === undefined) return reference;
  return <TextLink href={`https://www.rfc-editor.org/rfc/rfc${number}#section-${section}`}>{reference}</TextLink>;
}
