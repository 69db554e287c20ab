const PLACEHOLDER = /\{=?(\w+)\}/g;

/** What stands for a value in a text that was not filled in, where its name does not say it. */
const NAMES: Readonly<Record<string, string>> = {
  subject: "name",
  publish: "the text to publish",
  hint: "",
  note: "",
  path: "",
  prerequisite: "another check",
};

/** The text of a finding without a lookup: each value that would be filled in is named as code, `<address>`. */
export function templateText(template: string): string {
  return template
    .split("`")
    .map((part, index) => part.replace(PLACEHOLDER, (_, name: string) => quoted(nameOf(name), index % 2 === 0)))
    .join("`");
}

function nameOf(name: string): string {
  return NAMES[name] ?? name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function quoted(name: string, isOutsideCode: boolean): string {
  if (name === "") return "";
  return isOutsideCode ? `\`<${name}>\`` : `<${name}>`;
}
