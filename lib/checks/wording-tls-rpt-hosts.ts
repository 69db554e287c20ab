import type { WordTable } from "./words.ts";

const REFERENCE = "RFC 8460 §3";
const WHY =
  "It is optional: some senders file what they saw of DANE under the name of the mail host and look for a record there, others (Microsoft among them) under the mail domain.";

/** Findings about the optional TLS-RPT records of the mail hosts. */
export const TLS_RPT_HOST_WORDS = {
  "tls-rpt-hosts-found": {
    status: "pass",
    title: "The mail host has a TLS-RPT record",
    detail: "Reports about DANE that are filed under the name of the host go to {destinations}.",
    fix: null,
    reference: REFERENCE,
  },
  "tls-rpt-hosts-none": {
    status: "info",
    title: "No mail host has a TLS-RPT record",
    detail: `There is no TLS-RPT record at {names}. ${WHY}`,
    fix: "If the mail hosts are yours and have TLSA records, publish the same record there as for the domain. Hosts of a provider are the provider's business.",
    reference: REFERENCE,
  },
  "tls-rpt-hosts-missing": {
    status: "info",
    title: "This mail host has no TLS-RPT record",
    detail: `There is no TLS-RPT record at {name}. ${WHY}`,
    fix: "If the host is yours and has TLSA records, publish the same record there.",
    reference: REFERENCE,
  },
  "tls-rpt-hosts-invalid": {
    status: "warn",
    title: "The TLS-RPT record of the mail host cannot be used",
    detail: `At {name} stands {record}, but senders cannot use it: {=why}. ${WHY}`,
    fix: "Publish the same record there as for the domain, or remove it.",
    reference: REFERENCE,
  },
} as const satisfies WordTable;
