import type { AddressInfo } from "node:net";
import { CERTIFICATE_AGAIN_MS, LISTEN_AGAIN_MS, SMTP_LIMITS, type SmtpLimits } from "./limits.ts";
import { type Identity, makeIdentity, readIdentity } from "./smtp-certificate.ts";
import { STOPPING, smtpHandlers } from "./smtp-handlers.ts";
import { hangUp, Server } from "./smtp-server.ts";
import type { SmtpDoorSettings } from "./smtp-settings.ts";

/** An SMTP door, open or about to be. */
export interface SmtpDoor {
  /** Where it listens; null while it cannot. */
  port(): number | null;
  /** Takes no more mail, and waits for what is under way. */
  stop(): Promise<void>;
}

/** For tests: other limits, and less waiting. */
export interface SmtpDoorOptions {
  limits?: SmtpLimits;
  againMs?: number;
  renewMs?: number;
}

/**
 * Opens the SMTP door. Where that fails, it says why and tries again and again: one door's fault must not stop the others.
 * @param say tells the operator
 */
export async function openSmtpDoor(
  door: SmtpDoorSettings,
  say: (line: string) => void,
  { limits = SMTP_LIMITS, againMs = LISTEN_AGAIN_MS, renewMs = CERTIFICATE_AGAIN_MS }: SmtpDoorOptions = {},
): Promise<SmtpDoor> {
  const place = door.host.includes(":") ? `[${door.host}]:${door.port}` : `${door.host}:${door.port}`;
  const own = door.certificate === null ? await makeIdentity(door.domain) : null;
  const identity = (): Identity => own ?? readIdentity(door.certificate ?? { cert: "", key: "" });
  let open: Open | null = null;
  let again: NodeJS.Timeout | undefined;
  let renewal: NodeJS.Timeout | undefined;
  let told = "";

  const attempt = async () => {
    try {
      open = await listen(door, identity, limits, say);
      renewal = door.certificate === null ? undefined : setInterval(() => open?.renew(), renewMs);
      if (told !== "") say(`The SMTP door is open at ${place}.`);
      told = "";
    } catch (error) {
      const why = sentenceOf(error, place);
      if (why !== told) say(`${why} Sealpost tries again every ${againMs / 1000} s.`);
      told = why;
      again = setTimeout(() => void attempt(), againMs);
    }
  };
  await attempt();
  return {
    port: () => open?.port ?? null,
    async stop() {
      clearTimeout(again);
      clearInterval(renewal);
      await open?.close();
    },
  };
}

interface Open {
  port: number;
  /** Reads the certificate again. */
  renew(): void;
  close(): Promise<void>;
}

async function listen(
  door: SmtpDoorSettings,
  identity: () => Identity,
  limits: SmtpLimits,
  say: (line: string) => void,
): Promise<Open> {
  const handlers = smtpHandlers(door, limits, say);
  const server = new Server(
    {
      ...handlers.callbacks,
      ...identity(),
      ...{ name: door.domain, heloResponse: "%s", logger: false, disableReverseLookup: true },
      ...{ hideENHANCEDSTATUSCODES: false, useXClient: true },
      ...{ size: limits.mailBytes, maxRecipients: limits.recipients, maxClients: limits.connections },
      ...{ socketTimeout: limits.idleMs, closeTimeout: limits.stopMs },
    },
    door.isProxy,
  );
  await new Promise<void>((done, failed) => {
    server.once("error", failed);
    server.listen({ host: door.host, port: door.port }, () => {
      server.off("error", failed);
      done();
    });
  });
  server.on("error", () => {}); // of single connections: a client went away, or broke the handshake off
  return {
    port: (server.server.address() as AddressInfo).port,
    renew() {
      try {
        server.updateSecureContext(identity());
      } catch (error) {
        say(`${wordsOf(error)} The SMTP door goes on with the certificate that it had.`);
      }
    },
    async close() {
      handlers.stop();
      const closed = new Promise<void>((done) => server.close(done));
      for (const { session } of server.connections) if (!handlers.isBusy(session)) hangUp(session, STOPPING);
      await closed;
    },
  };
}

function sentenceOf(error: unknown, place: string): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "EADDRINUSE") return `SEALPOST_SMTP_LISTEN: another program listens at ${place}.`;
  if (code === "EACCES")
    return `SEALPOST_SMTP_LISTEN: this user may not listen at ${place}; ports below 1024 need a right to.`;
  const message = wordsOf(error);
  return code === null ? `The SMTP door cannot open. ${message}` : `SEALPOST_SMTP_LISTEN: ${message}.`;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
