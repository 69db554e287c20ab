import { passwordResetLink } from "#lib/accounts/reset-password.ts";
import { RESET_MINUTES } from "#lib/db/password-resets.ts";
import { say } from "./progress.ts";
import { withDatabase } from "./with-database.ts";

/** `sealpost reset-password <e-mail>`: prints a link that sets a new password, where no mail server is set. */
export async function resetPasswordCommand(args: string[]): Promise<number> {
  const [email] = args;
  if (email === undefined || args.length > 1) {
    say("Usage: sealpost reset-password <e-mail>");
    return 2;
  }
  return withDatabase(async () => {
    const link = await passwordResetLink(email);
    if (link === null) {
      say(`There is no account with the address ${email}.`);
      return 1;
    }
    process.stdout.write(`${link}\n`);
    say(`The link works once, for ${RESET_MINUTES} minutes.`);
    return 0;
  });
}
