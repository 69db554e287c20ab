import type { SMTPServerAddress, SMTPServerOptions, SMTPServerSession } from "smtp-server";
import type { DomainRow } from "#lib/db/domains.ts";
import { DatabaseAway } from "#lib/errors.ts";
import type { SmtpLimits } from "./limits.ts";
import { smtpClients } from "./smtp-clients.ts";
import { domainOfAddress } from "./smtp-recipient.ts";
import { SmtpRefusal } from "./smtp-reply.ts";
import { hangUp, peerOf } from "./smtp-server.ts";
import type { SmtpDoorSettings } from "./smtp-settings.ts";
import { mailTaker } from "./smtp-take-mail.ts";

/** What the door keeps of a connection. */
interface Client {
  unknownRecipients: number;
  isBusy: boolean;
  /** To be called at its end. */
  leave(): void;
}

/** No AUTH, since nothing is relayed for anybody; the others are jokes of old times. */
const NEVER = ["AUTH", "WIZ", "SHELL", "KILL"];

export const STOPPING = "4.3.2 This server is stopping; try again later";

/** What the SMTP door does at each step of the dialogue. */
export function smtpHandlers(
  { domain: mailDomain, isRelay, isProxy }: Pick<SmtpDoorSettings, "domain" | "isRelay" | "isProxy">,
  limits: SmtpLimits,
  say: (line: string) => void,
) {
  const clients = smtpClients(limits);
  const takeMail = mailTaker(limits);
  const known = new WeakMap<SMTPServerSession, Client>();
  const domains = new WeakMap<SMTPServerAddress, DomainRow>();
  let stopping = false;

  /**
   * A relay that speaks for itself. One that names its client (XCLIENT, PROXY) hands on what a stranger says, and with it
   * results that a stranger may have written.
   */
  const speaksAsRelay = (session: SMTPServerSession) => {
    const peer = peerOf(session);
    return isRelay(peer) && !isProxy(peer) && session.xClient.size === 0;
  };

  /** Runs a step, and answers with what it throws. */
  const answer = (done: (error?: Error | null) => void, step: () => Promise<void>) =>
    void step().then(
      () => done(),
      (error: unknown) => done(refusalOf(error, say)),
    );

  const callbacks = {
    onConnect(session, done) {
      const asRelay = speaksAsRelay(session);
      session.disabledCommands = asRelay ? NEVER : [...NEVER, "XCLIENT"];
      answer(done, async () => {
        // How many a relay opens is for whoever runs it to say.
        const left = asRelay ? () => {} : clients.enter(session.remoteAddress);
        const end = setTimeout(() => hangUp(session, "4.4.2 This connection has lasted too long"), limits.sessionMs);
        const leave = () => {
          clearTimeout(end);
          left();
        };
        known.set(session, { unknownRecipients: 0, isBusy: false, leave });
      });
    },

    onMailFrom(_, session, done) {
      answer(done, async () => {
        if (session.transaction > limits.mailsOfConnection) {
          throw new SmtpRefusal(421, "4.7.0 Too many mails on one connection; go on with another");
        }
        if (!speaksAsRelay(session)) clients.mail(session.remoteAddress, Date.now());
      });
    },

    onRcptTo(address, session, done) {
      answer(done, async () => {
        try {
          domains.set(address, await domainOfAddress(address.address, mailDomain));
        } catch (error) {
          const client = known.get(session);
          if (client && error instanceof SmtpRefusal && ++client.unknownRecipients > limits.unknownRecipients) {
            throw new SmtpRefusal(421, "4.7.0 Too many unknown recipients");
          }
          throw error;
        }
      });
    },

    onData(stream, session, done) {
      const client = known.get(session);
      if (client) client.isBusy = true;
      const envelope = {
        recipients: session.envelope.rcptTo.flatMap((address) => domains.get(address) ?? []),
        behindRelay: speaksAsRelay(session),
      };
      const finish = (error: Error | null, reply?: string) => {
        if (client) client.isBusy = false;
        done(error, reply);
        if (stopping) hangUp(session, STOPPING);
      };
      takeMail(stream, envelope, () => hangUp(session, "4.4.2 The mail has taken too long")).then(
        (reply) => finish(null, reply),
        (error: unknown) => finish(refusalOf(error, say)),
      );
    },

    onClose(session) {
      known.get(session)?.leave();
      known.delete(session);
    },
  } satisfies SMTPServerOptions;

  return {
    callbacks,
    isBusy: (session: SMTPServerSession) => known.get(session)?.isBusy ?? false,
    /** From now on connections end with the mail that they are at. */
    stop: () => {
      stopping = true;
    },
  };
}

function refusalOf(error: unknown, say: (line: string) => void): SmtpRefusal {
  if (error instanceof SmtpRefusal) return error;
  if (error instanceof DatabaseAway) return new SmtpRefusal(451, "4.3.0 The database is away; try again later");
  if (!hasGone(error)) {
    say(`The SMTP door could not take a mail: ${error instanceof Error ? error.stack : String(error)}`);
  }
  return new SmtpRefusal(451, "4.3.0 Something went wrong here; try again later");
}

/** The client broke off: nobody is there to be answered. */
function hasGone(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return ["ECONNECTION", "ECONNRESET", "ERR_STREAM_PREMATURE_CLOSE"].includes(code);
}
