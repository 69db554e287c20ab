import { STS_ADDRESS_WORDS } from "./wording-sts-addresses.ts";
import { NO_POLICY } from "./wording-sts-host.ts";
import type { WordTable } from "./words.ts";

const REFERENCE = "RFC 8461 §3.3";
const NOT_200 = `Only an answer with status 200 is a policy. ${NO_POLICY}`;
const SERVE = "Serve the policy as a plain file at {=url}, with status 200, to everybody.";

/** Findings about the GET of the policy. */
export const STS_FETCH_WORDS = {
  "sts-fetch-ok": {
    status: "pass",
    title: "The policy can be fetched",
    detail: "{=url} answered with status 200 in {=milliseconds} ms.",
    fix: null,
    reference: REFERENCE,
  },
  "sts-fetch-connection-refused": {
    status: "fail",
    title: "The policy host refuses the connection",
    detail: `Nothing listens for HTTPS at {subject} ({addresses}). ${NO_POLICY}`,
    fix: "Start the web server for {subject} on port 443, on each of its addresses, and let the firewall pass it.",
    reference: REFERENCE,
  },
  "sts-fetch-connection-reset": {
    status: "fail",
    title: "The policy host breaks the connection off",
    detail: `{subject} ({addresses}) took the connection and reset it. ${NO_POLICY}`,
    fix: "Check the web server, and any firewall or filter before it that closes connections it does not know.",
    reference: REFERENCE,
  },
  "sts-fetch-connection-timeout": {
    status: "error",
    title: "The policy host did not answer",
    detail:
      "No connection to {subject} ({addresses}) came about in time. From here it cannot be told whether the host is down or only does not answer Sealpost.",
    fix: "Try the URL {=url} from another network. If it does not answer there either, check the host and its firewall.",
    reference: REFERENCE,
  },
  "sts-fetch-network-unreachable": {
    status: "error",
    title: "The policy host could not be reached from here",
    detail: "There is no way from this machine to {subject} ({addresses}), so the policy could not be checked.",
    fix: "Check the network of the machine that Sealpost runs on; without IPv6 it cannot reach a host that has only an IPv6 address.",
    reference: null,
  },
  "sts-fetch-no-route": {
    status: "skipped",
    title: "Not tested: no way from here to the policy host",
    detail:
      "{subject} has only addresses of a kind that this machine has no way to ({addresses}), so the policy could not be looked at.",
    fix: "Let Sealpost run on a machine with IPv4 and IPv6, or look up the domain from another one. Publish an IPv4 address for {subject} as well: many senders have nothing else.",
    reference: null,
  },
  "sts-fetch-response-timeout": {
    status: "fail",
    title: "The policy took longer than a minute",
    detail: `The complete answer was not there within 60 seconds, after which senders give up. ${NO_POLICY}`,
    fix: SERVE,
    reference: REFERENCE,
  },
  "sts-fetch-response-malformed": {
    status: "fail",
    title: "The policy host does not speak HTTP",
    detail: `The answer from {subject} could not be read as HTTP: {error}. ${NO_POLICY}`,
    fix: SERVE,
    reference: REFERENCE,
  },
  "sts-fetch-response-incomplete": {
    status: "fail",
    title: "The answer of the policy host broke off",
    detail: `The connection to {subject} ended before the answer was complete. ${NO_POLICY}`,
    fix: SERVE,
    reference: REFERENCE,
  },
  "sts-fetch-redirect": {
    status: "fail",
    title: "The policy host redirects",
    detail: `It answered with status {=status} and sends clients to {location}. Senders must not follow a redirect, not even to the same host. ${NO_POLICY}`,
    fix: `${SERVE} Exempt this one path from any rule that adds or removes www, a slash or a language.`,
    reference: REFERENCE,
  },
  "sts-fetch-not-found": {
    status: "fail",
    title: "There is no policy at the policy host",
    detail: `{=url} answered with status {=status}: not found. ${NOT_200}`,
    fix: `${SERVE} Folders whose name begins with a dot are left out by some web servers and site generators.`,
    reference: REFERENCE,
  },
  "sts-fetch-forbidden": {
    status: "fail",
    title: "The policy host does not let us in",
    detail: `{=url} answered with status {=status}. Often a bot rule or a firewall asks for a browser; mail servers are not browsers. ${NOT_200}`,
    fix: `${SERVE} Exempt this path from bot rules, log-ins and country filters.`,
    reference: REFERENCE,
  },
  "sts-fetch-client-error": {
    status: "fail",
    title: "The policy host rejects the request",
    detail: `{=url} answered with status {=status}. ${NOT_200}`,
    fix: SERVE,
    reference: REFERENCE,
  },
  "sts-fetch-server-error": {
    status: "fail",
    title: "The policy host has a fault",
    detail: `{=url} answered with status {=status}, a fault of the server. ${NOT_200}`,
    fix: "Look into the log of the web server. A plain file needs no application behind it.",
    reference: REFERENCE,
  },
  "sts-fetch-status": {
    status: "fail",
    title: "The policy host does not answer with status 200",
    detail: `{=url} answered with status {=status}. ${NOT_200}`,
    fix: SERVE,
    reference: REFERENCE,
  },
  "sts-fetch-too-large": {
    status: "fail",
    title: "The policy is larger than 64 KiB",
    detail: `Senders stop reading at 64 KiB, and then have no policy. ${NO_POLICY}`,
    fix: `${SERVE} A policy is a few lines.`,
    reference: REFERENCE,
  },
  "sts-fetch-encoded": {
    status: "fail",
    title: "The policy is sent compressed",
    detail: `The answer is encoded as {encoding} although the request did not offer to take that. Senders then have no text to read. ${NO_POLICY}`,
    fix: `${SERVE} Compress only for clients that ask for it with Accept-Encoding.`,
    reference: "RFC 9110 §12.5.3",
  },
  "sts-fetch-slow": {
    status: "warn",
    title: "The policy host is slow",
    detail:
      "The answer took {=seconds} seconds. Senders give up after some time of their own choosing, a minute at most if they follow the advice.",
    fix: SERVE,
    reference: REFERENCE,
  },
  "sts-fetch-media-type": {
    status: "warn",
    title: "The policy is not sent as plain text",
    detail: "Its media type is {contentType}. The RFC asks for text/plain, and some senders refuse anything else.",
    fix: "Send `Content-Type: text/plain; charset=utf-8` for this path.",
    reference: "RFC 8461 §3.2",
  },
  "sts-fetch-media-type-missing": {
    status: "warn",
    title: "The policy is sent without a media type",
    detail: "The answer has no Content-Type. The RFC asks for text/plain, and some senders refuse anything else.",
    fix: "Send `Content-Type: text/plain; charset=utf-8` for this path.",
    reference: "RFC 8461 §3.2",
  },
  "sts-fetch-charset": {
    status: "info",
    title: "The policy is sent with an unusual character set",
    detail: "Its media type is {contentType}. Only utf-8 and us-ascii have a meaning for a policy.",
    fix: "Send `Content-Type: text/plain; charset=utf-8` for this path.",
    reference: "RFC 8461 §3.2",
  },
  ...STS_ADDRESS_WORDS,
} as const satisfies WordTable;
