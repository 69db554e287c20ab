import type { RecordCode, RecordFault } from "#lib/standards/txt-record.ts";
import type { Words } from "./words.ts";

/** What differs between the MTA-STS and the TLS-RPT record in the texts about their form. */
interface RecordWording {
  /** "MTA-STS record" */
  what: string;
  /** "v=STSv1" */
  version: string;
  reference: string;
  /** What follows when senders have no record. */
  lost: string;
}

const PUBLISH = "Publish exactly one such TXT record at {name}: {publish}{=hint}";

/** Texts for the faults that both kinds of record can have, under the codes of one kind. */
export function recordWords<Kind extends string>(kind: Kind, wording: RecordWording): Record<RecordCode<Kind>, Words> {
  const texts = Object.entries(faultWords(wording)).map(([fault, words]) => [`${kind}-${fault}`, words] as const);
  return Object.fromEntries(texts) as Record<RecordCode<Kind>, Words>;
}

function faultWords({ what, version, reference, lost }: RecordWording): Record<RecordFault, Words> {
  const all = { reference, fix: PUBLISH };
  const fail = { ...all, status: "fail" } as const;
  const warn = { ...all, status: "warn" } as const;
  const begin = `Senders discard every TXT record that does not begin with exactly \`${version};\`. ${lost}`;
  return {
    missing: {
      ...fail,
      title: `No ${what}`,
      detail: `There is no ${what} at {name}. ${lost}`,
    },
    several: {
      ...fail,
      title: `More than one ${what}`,
      detail: `At {name} stand several records that begin with \`${version};\`: {records}. With more than one, senders use none. ${lost}`,
      fix: "Remove all but one of the records at {name}. Usually an old one was left behind when the provider changed.",
    },
    "stray-text": {
      ...all,
      status: "info",
      title: "Another TXT record at the same name",
      detail:
        "At {name} also stands {found}. Senders discard it. It is often there because of a wildcard TXT record of the zone.",
      fix: null,
    },
    "second-ambiguous": {
      ...warn,
      title: "A second record that some senders count",
      detail: `At {name} also stands {found}, with a blank before the first semicolon. Senders that follow the text of the RFC discard it; senders that follow its grammar see two records, and then use none.`,
      fix: "Remove {found} at {name}.",
    },
    "joined-without-separator": {
      ...fail,
      title: "A separator is lost between the strings of the record",
      detail: `The TXT record is split into several strings. Senders join them with nothing between, and read {found}. ${lost}`,
      fix: "Publish the record as one string: {meant}",
    },
    "version-case": {
      ...fail,
      title: "The version is written in the wrong case",
      detail: `The record {found} is probably meant as the ${what}, but upper and lower case count. ${begin}`,
    },
    "version-preceded": {
      ...fail,
      title: "Something stands before the version",
      detail: `The record {found} has a blank or a quotation mark before \`${version}\`. ${begin} Quotation marks often come from a DNS form that adds its own.`,
    },
    "version-not-first": {
      ...fail,
      title: "The version does not come first",
      detail: `In {found} the version stands behind other fields. ${begin}`,
    },
    "version-unterminated": {
      ...fail,
      title: "The semicolon after the version is missing",
      detail: `In {found} no semicolon follows \`${version}\`. ${begin}`,
    },
    "version-blanks": {
      ...fail,
      title: "Blanks in the version",
      detail: `The record {found} has blanks in or behind the version, or a colon in the place of \`=\`. ${begin}`,
    },
    "version-misspelt": {
      ...fail,
      title: "The version is misspelt",
      detail: `The record {found} is probably meant as the ${what}, with a slip in its version. ${begin}`,
    },
    "other-record": {
      ...fail,
      title: "A different kind of record stands here",
      detail: `At {name} stands {found}, which belongs to another name: \`v=STSv1\` to \`_mta-sts\`, \`v=TLSRPTv1\` to \`_smtp._tls\`. ${begin}`,
    },
    "blank-before-semicolon": {
      ...warn,
      title: "A blank before the first semicolon",
      detail: `The record begins with {found}. The grammar of the RFC allows the blank, but its rule for finding the record asks for exactly \`${version};\`, so some senders see no record.`,
      fix: "Remove the blank before the semicolon: {publish}",
    },
    "empty-field": {
      ...warn,
      title: "Two semicolons with nothing between",
      detail:
        "The record {found} has an empty field. That is outside the grammar: many senders skip it, a strict one discards the record.",
      fix: "Leave one semicolon between fields: {publish}",
    },
    "outer-blank": {
      ...warn,
      title: "A blank at the end of the record",
      detail:
        "The record ends with a blank. That is outside the grammar: many senders ignore it, a strict one discards the record.",
      fix: "Remove the blank at the end: {publish}",
    },
    "field-malformed": {
      ...fail,
      title: "A field is not of the form name=value",
      detail: `The field {found} cannot be read, which makes the whole record invalid. ${lost}`,
    },
    "blank-around-equals": {
      ...fail,
      title: "Blanks beside an equals sign",
      detail: `In {found} a blank stands beside \`=\`, which makes the whole record invalid. ${lost}`,
    },
    character: {
      ...fail,
      title: "A character that is not allowed in the record",
      detail: `The field {found} has a character outside printable ASCII, for example a curly quotation mark or a hard blank from a word processor. That makes the whole record invalid. ${lost}`,
    },
    extension: {
      ...all,
      status: "info",
      title: "A field that senders do not know",
      detail: "{found} is not defined by the RFC. It is well-formed, so senders ignore it.",
      fix: null,
    },
    "extension-invalid": {
      ...fail,
      title: "The value of an unknown field is not allowed",
      detail: `The value in {found} is empty or has a blank or an equals sign, which makes the whole record invalid. ${lost}`,
    },
    "repeated-field": {
      ...warn,
      title: "A field stands twice",
      detail:
        "Of a repeated field the first counts: senders use {effective} and should ignore {found}. Not all software does.",
      fix: "Remove {found}, so that nobody can read it otherwise.",
    },
  };
}
