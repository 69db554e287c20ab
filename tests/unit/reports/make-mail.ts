/** One part of a mail to write. */
export interface PartToSend {
  type: string;
  body: Buffer | string;
  /** More header lines. */
  headers?: string[];
  /** Without it the body stands as it is. */
  encoding?: "base64" | "quoted-printable";
}

/** Writes a mail with CRLF lines; `headers` come first, and one part alone is the whole mail. */
export function makeMail(
  headers: string[],
  parts: PartToSend[],
  type = "multipart/report; report-type=tlsrpt",
): Buffer {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return lines([...headers, ...writePart(only)]);
  const boundary = `b${headers.join("").length}x${parts.length}`;
  const body = parts.flatMap((part) => [`--${boundary}`, ...writePart(part)]);
  return lines([
    ...headers,
    "MIME-Version: 1.0",
    `Content-Type: ${type}; boundary="${boundary}"`,
    "",
    ...body,
    `--${boundary}--`,
  ]);
}

function writePart({ type, body, headers = [], encoding }: PartToSend): string[] {
  const bytes = Buffer.from(body);
  const head = [`Content-Type: ${type}`, ...headers];
  if (encoding === "base64") {
    return [...head, "Content-Transfer-Encoding: base64", "", bytes.toString("base64").replace(/.{76}/g, "$&\r\n")];
  }
  if (encoding === "quoted-printable") {
    const quoted = bytes
      .toString("latin1")
      .replace(/[^ -<>-~]/g, (c) => `=${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
    return [...head, "Content-Transfer-Encoding: quoted-printable", "", quoted.replace(/.{70}(?!$)/g, "$&=\r\n")];
  }
  return [...head, "", bytes.toString("latin1")];
}

function lines(texts: string[]): Buffer {
  return Buffer.from(`${texts.join("\r\n")}\r\n`, "latin1");
}
