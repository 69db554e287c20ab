/** A DKIM result that a mail system wrote into the mail (RFC 8601 §2.7.1). */
export interface StatedDkim {
  result: string;
  /** The domain that signed, lower-case; null when the field does not say. */
  signer: string | null;
}

/**
 * The DKIM results of an Authentication-Results field (RFC 8601 §2.2).
 * @param value the field's value, folded or not
 * @returns null when the field is no Authentication-Results, or another system's than `authservIds` names
 */
export function statedDkim(value: string, authservIds: readonly string[]): StatedDkim[] | null {
  const [head = "", ...results] = withoutComments(value).split(";");
  const [id = "", version = "1"] = head.trim().split(/\s+/);
  if (version !== "1" || !authservIds.some((known) => known.toLowerCase() === unquoted(id).toLowerCase())) return null;
  return results.flatMap((text) => {
    const [method, ...properties] = text.trim().split(/\s+/);
    const match = /^dkim(?:\/1)?=([a-z]+)$/i.exec(method ?? "");
    return match?.[1] ? [{ result: match[1].toLowerCase(), signer: signerIn(properties) }] : [];
  });
}

/** `header.d` names the domain; older systems write `header.i` alone, the identity below or at the domain. */
function signerIn(properties: readonly string[]): string | null {
  for (const name of ["header.d", "header.i"]) {
    const found = properties.find((text) => text.toLowerCase().startsWith(`${name}=`));
    const domain =
      found &&
      unquoted(found.slice(name.length + 1))
        .split("@")
        .at(-1);
    if (domain) return domain.toLowerCase().replace(/\.$/, "");
  }
  return null;
}

/** Comments can stand in one another (RFC 5322 §3.2.2), and say nothing. Semicolons inside of them or of quotes end nothing. */
function withoutComments(value: string): string {
  let depth = 0;
  let quoted = false;
  let plain = "";
  for (let at = 0; at < value.length; at++) {
    const letter = value[at] as string;
    if (letter === "\\" && (quoted || depth > 0)) {
      at++;
      continue;
    }
    if (letter === '"' && depth === 0) quoted = !quoted;
    else if (letter === "(" && !quoted) depth++;
    else if (letter === ")" && !quoted && depth > 0) {
      depth--;
      plain += " ";
    } else if (depth === 0 && !(quoted && (letter === ";" || /\s/.test(letter)))) plain += letter;
  }
  return plain;
}

function unquoted(text: string): string {
  return text.replace(/^"|"$/g, "");
}
