import type { WordTable } from "./words.ts";

const REFERENCE = "RFC 8460 §3";

/** Findings about the `https:` destinations of TLS reports. */
export const TLS_RPT_WEB_WORDS = {
  "tls-rpt-destination-web-dead": {
    status: "fail",
    title: "A web destination takes no reports",
    detail: "Nobody serves {destinations} ({why}), so the reports that senders post there are lost.",
    fix: "Correct the address in the record, or start the service that takes the reports there.",
    reference: REFERENCE,
  },
  "tls-rpt-destination-web-certificate": {
    status: "fail",
    title: "The certificate of a web destination is not accepted",
    detail:
      "The connection to {destinations} is not trusted ({why}). Senders are allowed to post reports all the same, but most do not.",
    fix: "Install a valid certificate of a public authority with its whole chain there.",
    reference: REFERENCE,
  },
  "tls-rpt-destination-web-redirects": {
    status: "warn",
    title: "A web destination redirects",
    detail: "{destinations} redirects ({why}). Many senders do not follow a redirect with a report.",
    fix: "Put the address at which the reports are taken into the record.",
    reference: REFERENCE,
  },
  "tls-rpt-destination-web-fault": {
    status: "warn",
    title: "A web destination answers with a fault",
    detail: "{destinations} has a fault of its own ({why}). Reports that meet it may be lost.",
    fix: "Look into the log of the service there, and post a report to it by hand.",
    reference: REFERENCE,
  },
  "tls-rpt-destination-web-no-post": {
    status: "warn",
    title: "A web destination does not take posted reports",
    detail: "By its own account {destinations} does not take POST ({why}), which is how senders hand in reports.",
    fix: "Correct the address in the record, or let the service there take POST.",
    reference: "RFC 8460 §5.4",
  },
  "tls-rpt-destination-web-unsure": {
    status: "info",
    title: "It could not be seen whether a web destination takes reports",
    detail:
      "{destinations} turned down a question without a report ({why}). That can mean that there is nothing, or that it takes nothing but reports.",
    fix: "Post a report to it by hand if none has come in yet.",
    reference: REFERENCE,
  },
  "tls-rpt-destination-web-port": {
    status: "skipped",
    title: "A web destination has a port of its own",
    detail: "{destinations} was not looked at: Sealpost connects to no ports but 25 and 443.",
    fix: "See from elsewhere that it answers, or use the usual port: some senders reach no other.",
    reference: REFERENCE,
  },
  "tls-rpt-destination-web-unseen": {
    status: "error",
    title: "A web destination did not answer",
    detail: "{destinations} could not be looked at ({why}). That says nothing about it yet.",
    fix: "Look again in a few minutes, or try it from another network.",
    reference: null,
  },
} as const satisfies WordTable;
