import { createTransport } from "nodemailer";
import { settings } from "#lib/settings.ts";

const LIMIT_MS = 20_000;

/** True when an SMTP server is configured. */
export function canSendMail(): boolean {
  return settings().smtpUrl !== null;
}

/**
 * Sends one plain-text mail through SMTP_URL.
 * @throws the transport's error when the server cannot be reached or refuses the mail
 */
export async function sendMail(mail: { to: string; subject: string; text: string }): Promise<void> {
  const { smtpUrl, mailFrom, url } = settings();
  if (smtpUrl === null) throw new Error("SMTP_URL is not set");
  const transport = createTransport(smtpUrl, {
    from: mailFrom ?? `Sealpost <sealpost@${new URL(url).hostname}>`,
    headers: { "Auto-Submitted": "auto-generated" }, // RFC 3834 §5: no out-of-office replies, please
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, failed) => {
    timer = setTimeout(() => failed(new Error("the mail server did not answer in time")), LIMIT_MS);
  });
  try {
    await Promise.race([transport.sendMail(mail), late]);
  } finally {
    clearTimeout(timer);
    transport.close();
  }
}
