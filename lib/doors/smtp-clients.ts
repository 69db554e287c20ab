import { networkOf } from "#lib/accounts/throttle.ts";
import type { SmtpLimits } from "./limits.ts";
import { SmtpRefusal } from "./smtp-reply.ts";

/**
 * What the networks of clients use at the moment. Counted in this process: the limits are there to keep it well, also while
 * the database is away, and another worker has room of its own.
 */
export function smtpClients(limits: Pick<SmtpLimits, "connectionsOfNetwork" | "mailsOfNetwork" | "rateMs">) {
  const connections = new Map<string, number>();
  let mails = new Map<string, number>();
  let windowEnds = 0;

  return {
    /** Counts a connection. @returns what to call at its end @throws SmtpRefusal when the network has too many */
    enter(address: string): () => void {
      const network = networkOf(address);
      const open = connections.get(network) ?? 0;
      if (open >= limits.connectionsOfNetwork) {
        throw new SmtpRefusal(421, "4.7.0 Too many connections from your network; try again later");
      }
      connections.set(network, open + 1);
      return () => {
        const left = (connections.get(network) ?? 1) - 1;
        if (left > 0) connections.set(network, left);
        else connections.delete(network);
      };
    },
    /** Counts a mail. @throws SmtpRefusal when the network has sent too many lately */
    mail(address: string, now: number): void {
      if (now >= windowEnds) {
        // One window for all: what is remembered stays small, and is forgotten together.
        mails = new Map();
        windowEnds = now + limits.rateMs;
      }
      const network = networkOf(address);
      const sent = (mails.get(network) ?? 0) + 1;
      if (sent > limits.mailsOfNetwork) {
        throw new SmtpRefusal(450, "4.7.1 Too many mails from your network; try again later");
      }
      mails.set(network, sent);
    },
  };
}
