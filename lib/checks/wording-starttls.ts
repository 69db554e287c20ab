import type { WordTable } from "./words.ts";

const REFERENCE = "RFC 3207 §4";
const DELIVERY = "RFC 5321 §5.1";
// RFC 8461 §5 (M70, M71), RFC 7672 §2.2 (D5); the codes are those of Exchange Online's bounces (B2.9).
const KEPT_BACK =
  "Senders with an MTA-STS policy in enforce, and DANE senders where TLSA records stand, keep their mail back (Exchange Online bounces it in the end with 5.7.321 under DANE); all others deliver readable text.";
const UNSEEN = "so nothing can be said about its TLS.";
const UNSEEN_YET = "Nothing can be said about its TLS.";
const AGAIN = "Look again in a few minutes.";
const BY_HAND = "`openssl s_client -starttls smtp -connect {=target}`";
const INSIDE = "RFC 3207 §4.2";
const INSIDE_BY_HAND = `${BY_HAND}, then type EHLO and a name.`;

/** Findings about the SMTP dialogue with each address of the mail hosts. */
export const STARTTLS_WORDS = {
  "starttls-established": {
    status: "pass",
    title: "STARTTLS is offered and TLS comes up",
    detail: "It greets with {greeting}, offers STARTTLS, and speaks {version} after it.",
    fix: null,
    reference: REFERENCE,
  },
  "starttls-not-offered": {
    status: "fail",
    title: "STARTTLS is not offered",
    detail: `It answers EHLO with {offered} and does not offer STARTTLS. ${KEPT_BACK}`,
    fix: "Give the mail server a certificate, and switch TLS on for incoming mail. If it offers STARTTLS inside its own network, a firewall or filter on the way takes it out: mend it there.",
    reference: REFERENCE,
  },
  "starttls-masked": {
    status: "fail",
    title: "Something on the way hides STARTTLS",
    detail: `Among the keywords of EHLO ({offered}) one is written over with X, as some firewalls do with what they do not let pass: STARTTLS in all likelihood. ${KEPT_BACK}`,
    fix: "Switch off the inspection of SMTP in the firewall before the mail host. If the host offers STARTTLS when asked from another network, the firewall stands before Sealpost instead.",
    reference: REFERENCE,
  },
  "starttls-temporary": {
    status: "fail",
    title: "STARTTLS is offered, but not available for the moment",
    detail: `It offers STARTTLS and then answers {reply}. ${KEPT_BACK}`,
    fix: "Look into the log of the mail server: usually key or certificate cannot be read, or do not belong together.",
    reference: REFERENCE,
  },
  "starttls-reply-refused": {
    status: "fail",
    title: "STARTTLS is offered and then refused",
    detail: `It offers STARTTLS and then answers {reply}. ${KEPT_BACK}`,
    fix: "Look into the log of the mail server. If it is meant to have TLS, complete its TLS settings (key, certificate, protocols); where a filter answers for it, mend that.",
    reference: REFERENCE,
  },
  "starttls-no-reply": {
    status: "error",
    title: "STARTTLS is offered, and then not answered",
    detail:
      "It offers STARTTLS and then gives no reply to it ({error}), so nothing can be said about its TLS. When that is not chance, senders that insist on TLS cannot deliver here.",
    fix: `${AGAIN} If it stays so, try by hand: ${BY_HAND}. A filter that holds STARTTLS back is the usual cause.`,
    reference: REFERENCE,
  },
  "starttls-handshake-failed": {
    status: "fail",
    title: "The TLS handshake fails",
    detail: `It offers STARTTLS and agrees to it, but the handshake ends with: {error}.{=hint} Some senders then deliver readable text, others not at all. Senders with an MTA-STS policy in enforce, and DANE senders where TLSA records stand, keep their mail back.`,
    fix: `Look for the same moment in the log of the mail server, and try by hand: ${BY_HAND}. The usual causes are a key that does not belong to the certificate, TLS 1.2 switched off, and a firewall that takes TLS apart.`,
    reference: "RFC 3207 §4.1",
  },
  "starttls-injection": {
    status: "fail",
    title: "Plaintext sent with STARTTLS is acted upon inside TLS",
    detail:
      "A command that was sent in the clear together with STARTTLS was answered after the handshake. Somebody on the way can so put commands of their own before those of a sender, and receive its mail or its password (command injection, known since 2011 as CVE-2011-0411).",
    fix: "Update the mail server: it has to throw away what it has read before the handshake. A proxy or filter that ends TLS before it can have the same fault.",
    reference: "RFC 3207 §6",
  },
  "starttls-offered-inside": {
    status: "warn",
    title: "STARTTLS is offered again inside TLS",
    detail:
      "Inside TLS the answer to EHLO still has STARTTLS. A sender that takes it up starts a handshake inside the handshake, and the dialogue ends there.",
    fix: "Update the mail server, or let the proxy before it tell it that TLS is on already.",
    reference: "RFC 3207 §4.2",
  },
  "starttls-silent-inside": {
    status: "error",
    title: "EHLO inside TLS was not answered",
    detail:
      "TLS came up, but EHLO got no answer inside it ({error}). When that is not chance, no sender that uses TLS can deliver here.",
    fix: `${AGAIN} If it stays so, try by hand: ${INSIDE_BY_HAND}`,
    reference: INSIDE,
  },
  "starttls-malformed-inside": {
    status: "error",
    title: "What answers inside TLS does not speak SMTP",
    detail:
      "TLS came up, and what came back to EHLO inside it is no SMTP reply: {error}. When that is not chance, no sender that uses TLS can deliver here.",
    fix: `Check what the proxy or filter that ends TLS passes the connection on to, and try by hand: ${INSIDE_BY_HAND}`,
    reference: INSIDE,
  },
  "starttls-temporary-inside": {
    status: "error",
    title: "Inside TLS it puts Sealpost off",
    detail: "TLS came up, and EHLO inside it was answered with {reply}: not now. What follows could not be seen.",
    fix: `${AGAIN} If it stays so, look for the same moment in the log of the mail server.`,
    reference: INSIDE,
  },
  "starttls-ehlo-unknown-inside": {
    status: "fail",
    title: "EHLO is not known inside TLS",
    detail:
      "It answers EHLO in the clear, and inside TLS with {reply}, as if there were no such command. Some senders try HELO then, which Sealpost does not, and may deliver; others cannot.",
    fix: `Let what stands behind the end of TLS know EHLO: usually a proxy or filter ends TLS and passes the connection on to something older. Try by hand: ${INSIDE_BY_HAND}`,
    reference: INSIDE,
  },
  "starttls-refused-inside": {
    status: "fail",
    title: "EHLO is refused inside TLS",
    detail:
      "It answers EHLO in the clear, and refuses it inside TLS with {reply}. Servers do so that find the session not secure enough, for example because the sender shows no certificate of its own. Senders that use TLS then keep their mail back.",
    fix: `Look for the same moment in the log of the mail server, and let it take mail from senders that it does not know. Try by hand: ${INSIDE_BY_HAND}`,
    reference: "RFC 3207 §4.1",
  },
  "starttls-certificate-demanded": {
    status: "fail",
    title: "The mail host demands a certificate of the sender",
    detail:
      "TLS came up, and the server ended it because Sealpost showed no certificate of its own ({error}). Most senders have none to show: those that use TLS keep their mail back.",
    fix: "Let the mail server ask for the certificate of the client on port 25 without demanding it, or not ask at all (Postfix: `smtpd_tls_req_ccert = no`). Demand it only on ports for your own users.",
    reference: "RFC 3207 §4.1",
  },
  "starttls-connection-refused": {
    status: "fail",
    title: "Nothing listens on port 25 there",
    detail:
      "The host refuses connections to port 25 of this address. Senders try another address or another mail host, and keep mail in their queues where there is none.",
    fix: "Let the mail server listen on this address, open port 25 in its firewall, or remove the address from the DNS.",
    reference: DELIVERY,
  },
  "starttls-connection-timeout": {
    status: "error",
    title: "No connection to port 25",
    detail: `No connection came about in time.{=hint} ${UNSEEN_YET}`,
    fix: `${AGAIN} If it stays so, check that the host is up, and that no firewall drops packets to port 25 of {=address}.`,
    reference: null,
  },
  "starttls-connection-reset": {
    status: "error",
    title: "The connection was reset",
    detail: `The connection to port 25 was cut off, as some hosts do with clients that they do not like.{=hint} ${UNSEEN_YET}`,
    fix: `${AGAIN} If it stays so, look into the logs of the mail server and of the firewall before it.`,
    reference: null,
  },
  "starttls-network-unreachable": {
    status: "error",
    title: "No way leads to this address",
    detail: `The network said that {=address} cannot be reached.{=hint} ${UNSEEN_YET}`,
    fix: `${AGAIN} If it stays so, check that the address is right and routed.`,
    reference: null,
  },
  "starttls-port-closed-here": {
    status: "error",
    title: "Port 25 is closed from here",
    detail:
      "Neither this host nor well-known mail hosts can be reached on port 25, so the network that Sealpost runs in closes it, as many providers do for homes and virtual machines. Nothing is known about the host.",
    fix: "Ask the provider of this network to open port 25 outward, or run `npx sealpost check {=domain}` on a machine in another network.",
    reference: null,
  },
  "starttls-no-route-here": {
    status: "skipped",
    title: "Not tested: no way from here to addresses of this kind",
    detail:
      "The machine that Sealpost runs on has no way to addresses like {=address} at all, most often because it has no IPv6. Nothing is known about the host.",
    fix: "Give the machine IPv6, or run `npx sealpost check {=domain}` on one that has it.",
    reference: null,
  },
  "starttls-forbidden-here": {
    status: "error",
    title: "The machine of Sealpost may not connect to port 25",
    detail: `Its own firewall forbids the connection, ${UNSEEN}`,
    fix: "Allow connections from this machine to port 25.",
    reference: null,
  },
  "starttls-private-address": {
    status: "fail",
    title: "The mail host has an address that is not public",
    detail:
      "It leads to {=address}, which is not on the public internet, so Sealpost did not connect and senders cannot. They try another address, or end up at a machine of their own.",
    fix: "Remove the address from the public DNS of {host}, or publish the public one. Split DNS is the usual cause: the record for the inside is visible from outside.",
    reference: DELIVERY,
  },
  "starttls-reply-timeout": {
    status: "error",
    title: "It accepts connections and says nothing",
    detail: `The connection came about, but no complete SMTP reply came in time, ${UNSEEN} Some hosts keep unknown clients waiting on purpose; an overloaded one does too.`,
    fix: `${AGAIN} If it stays so, look for reverse lookups that hang, and for a filter before the mail server that delays its greeting.`,
    reference: null,
  },
  "starttls-reply-malformed": {
    status: "fail",
    title: "What answers on port 25 does not speak SMTP",
    detail: "What came back is no SMTP reply: {error}. Senders cannot deliver to this address.",
    fix: "Check what listens on port 25 of this address: a web server, a proxy that is set up wrongly, or TLS from the first octet, which belongs to port 465.",
    reference: "RFC 5321 §4.2",
  },
  "starttls-greeting-temporary": {
    status: "error",
    title: "It puts Sealpost off",
    detail: `It greets with {greeting}: greylisting, too many connections, or not ready just now, ${UNSEEN}`,
    fix: `${AGAIN} If it stays so, let the mail server take connections from this machine. DANE asks that STARTTLS is offered to everybody, greylisted or not.`,
    reference: null,
  },
  "starttls-greeting-refused": {
    status: "error",
    title: "It takes no mail from here",
    detail: `It greets with {greeting}, ${UNSEEN} Often the address of this machine stands on a block list, or has no reverse name. If every sender gets this answer, the host takes no mail at all.`,
    fix: "Look the address of this machine up in the list that the reply names, or run `npx sealpost check {=domain}` on a machine in another network.",
    reference: null,
  },
  "starttls-ehlo-temporary": {
    status: "error",
    title: "It puts off EHLO",
    detail: `It answers EHLO with an error that is meant to pass ({error}): busy, greylisting, or not ready just now, ${UNSEEN}`,
    fix: `${AGAIN} If it stays so, let the mail server take connections from this machine. DANE asks that STARTTLS is offered to everybody, greylisted or not.`,
    reference: null,
  },
  "starttls-ehlo-refused": {
    status: "error",
    title: "It refuses EHLO",
    detail: `It answers EHLO with an error ({error}), ${UNSEEN} Often it does not like the name or the address of this machine.`,
    fix: `${AGAIN} If it stays so, give the address of this machine a reverse name that leads back to it.`,
    reference: null,
  },
  "starttls-addresses-unlooked": {
    status: "info",
    title: "Not all addresses of the mail host were looked at",
    detail: "{subject} has {=count} addresses; Sealpost spoke with {=looked}.",
    fix: null,
    reference: null,
  },
} as const satisfies WordTable;
