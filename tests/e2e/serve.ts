// Serves Sealpost for the browser tests, as `npm start` does it, with a lab in the place of the internet, a mail server
// that keeps what it gets, one for IMAP without a mail, an OpenID Connect issuer that believes everybody, and an empty data folder.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "#lib/cli/run.ts";
import { startLab } from "#tests/lab/lab.ts";
import { startImap } from "./imap-server.ts";
import { CLIENT, startIssuer } from "./issuer.ts";
import { startMailbox } from "./mailbox.ts";
import { SECRET } from "./secret.ts";

const port = process.argv[2] ?? "3117";
const folder = mkdtempSync(join(tmpdir(), "sealpost-e2e-"));
const lab = await startLab();
const mailbox = await startMailbox(Number(port) + 1);
const issuer = await startIssuer(Number(port) + 2);
const imap = await startImap(lab.authority, Number(port) + 3);
const child = spawn(process.execPath, ["--disable-warning=DEP0169", join(ROOT, "lib/cli/main.ts"), "start"], {
  cwd: ROOT,
  stdio: "inherit",
  env: {
    ...process.env,
    ...lab.env,
    PORT: port,
    SEALPOST_DATA: folder,
    SMTP_URL: mailbox.url,
    SEALPOST_URL: `http://localhost:${port}`,
    SEALPOST_SECRET: SECRET,
    SEALPOST_MAIL_DOMAIN: "reports.sealpost.test",
    SEALPOST_SMTP_LISTEN: `127.0.0.1:${Number(port) + 4}`,
    SEALPOST_OIDC_ISSUER: issuer.url,
    SEALPOST_OIDC_CLIENT_ID: CLIENT.id,
    SEALPOST_OIDC_CLIENT_SECRET: CLIENT.secret,
    SEALPOST_OIDC_NAME: "Example Login",
  },
});
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => child.kill("SIGTERM"));
child.once("exit", (code) => {
  void Promise.all([lab.stop(), mailbox.stop(), issuer.stop(), imap.stop()]).then(() => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(code ?? 1);
  });
});
