import { generateKeyPairSync } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { DKIMSignOptions } from "mailauth";
import { dkimSign } from "mailauth/lib/dkim/sign.js";
import { makeMail } from "./make-mail.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** What the DNS holds for each key that these tests sign with. */
export const KEY_RECORD = `v=DKIM1; k=rsa; p=${publicKey.export({ type: "spki", format: "der" }).toString("base64")}`;

/** Signs a mail as a domain, with the selector "s1". */
export async function signMail(mail: Buffer, domain: string, options: object = {}): Promise<Buffer> {
  const key = privateKey.export({ type: "pkcs8", format: "pem" });
  const one = { signingDomain: domain, selector: "s1", privateKey: key, canonicalization: "relaxed/relaxed" };
  const signed = await dkimSign(mail, { ...options, signatureData: [{ ...one, ...options }] } as DKIMSignOptions);
  if (signed.errors.length > 0) throw signed.errors[0];
  return Buffer.concat([Buffer.from(signed.signatures), mail]);
}

/** A report as a mail, not signed (RFC 8460 §5.3). */
export function reportMail(
  report: unknown,
  { from = "noreply-smtp-tls-reporting@google.com", domain = "example.org", headers = [] as string[] } = {},
): Buffer {
  const submitter = from.split("@")[1] ?? "";
  return makeMail(
    [
      ...headers,
      `From: ${from}`,
      "To: reports@sealpost.test",
      `Subject: Report Domain: ${domain} Submitter: ${submitter} Report-ID: <1@${submitter}>`,
      "Date: Mon, 02 Nov 2026 10:00:00 +0000",
      "Message-ID: <1@mail.test>",
      `TLS-Report-Domain: ${domain}`,
      `TLS-Report-Submitter: ${submitter}`,
    ],
    [
      { type: "text/plain", body: "This is an aggregate TLS report." },
      { type: "application/tlsrpt+gzip", body: gzipSync(JSON.stringify(report)), encoding: "base64" },
    ],
  );
}
