import { describe, expect, it } from "vitest";
import { faultOf, MailboxFault } from "#lib/doors/mailbox-fault.ts";

const AT = { host: "imap.example.org", port: 993 };
const error = (message: string, more: object = {}) => Object.assign(new Error(message), more);

describe("an error of the library or its socket", () => {
  it.each([
    [error("x", { code: "CERT_HAS_EXPIRED" }), "certificate", "its time is over"],
    [error("x", { code: "DEPTH_ZERO_SELF_SIGNED_CERT" }), "certificate", "signed by itself"],
    [error("x", { code: "ERR_TLS_CERT_ALTNAME_INVALID" }), "certificate", "for another name"],
    [error("x", { code: "CERT_SIGNATURE_FAILURE" }), "certificate", "cannot be verified (CERT_SIGNATURE_FAILURE)"],
    [
      error("Command failed", { authenticationFailed: true, response: "2 NO", responseText: "Not today." }),
      "login-refused",
      'what signs in (it says "Not today.").',
    ],
    [error("Login is disabled", { authenticationFailed: true }), "no-method", "does not offer this way"],
    [error("Server does not support STARTTLS"), "no-starttls", "nobody signs in without TLS"],
    [error("wrong version number", { code: "ERR_SSL_WRONG_VERSION_NUMBER" }), "tls", "that of the other"],
    [error("x", { code: "GREETING_TIMEOUT" }), "timeout", "does not answer on port 993 in time"],
    [error("x", { code: "NoConnection", reason: "Bye, bye" }), "server-closed", '(it says "Bye, bye")'],
    [error("x", { code: "ECONNRESET" }), "server-closed", "closed the connection."],
    [error("Command failed", { responseText: "Overloaded" }), "server-answer", '(it says "Overloaded")'],
    [error("parser"), "server-answer", ": parser."],
    ["no error at all", "server-answer", ": no error at all."],
  ])("%s is %s", (thrown, code, words) => {
    const fault = faultOf(thrown, AT);
    expect(fault).toMatchObject({ code, message: expect.stringContaining(words) });
    expect(fault.message).toMatch(/^[^\n]*\.$/);
  });

  it("that is known stays as it is", () => {
    const known = new MailboxFault("timeout", "Late.");
    expect(faultOf(known, AT)).toBe(known);
  });

  it("says what the server says in one line of a length to read", () => {
    const said = `a\r\nb\u202e${"x".repeat(1_000)}\ud800`;
    const { message } = faultOf(error("x", { responseText: said }), AT);
    expect(message).toContain("a b x");
    expect(message.length).toBeLessThan(400);
    expect(message.isWellFormed()).toBe(true);
  });
});
