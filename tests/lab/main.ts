import { parseArgs } from "node:util";
import { startLab } from "./lab.ts";

// Starts the lab in the foreground and prints the settings that point Sealpost at it:
//   node tests/lab/main.ts [--dns-port N] [--https-port N] [--smtp-port N]
const { values } = parseArgs({
  options: { "dns-port": { type: "string" }, "https-port": { type: "string" }, "smtp-port": { type: "string" } },
});
const ports = { dnsPort: portOf("dns-port"), httpsPort: portOf("https-port"), smtpPort: portOf("smtp-port") };
const lab = await startLab(ports).catch((error: Error) => {
  console.error(`The lab could not be started: ${error.message}.`);
  return process.exit(1);
});
console.log("# Settings for a Sealpost that is to see the lab instead of the internet:");
for (const [name, value] of Object.entries(lab.env)) console.log(`export ${name}=${value}`);
console.log(`\n# ${lab.domains.length} domains:`);
const width = Math.max(...lab.domains.map(({ name }) => name.length));
for (const { name, about } of lab.domains) console.log(`# ${name.padEnd(width)}  ${about}`);
console.log("\n# Stop with Ctrl+C.");

let stopping = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    lab.stop().then(
      () => process.exit(0),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}

function portOf(name: keyof typeof values): number {
  const text = values[name] ?? "0";
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  console.error(`--${name} has to be a port below 65536; it is "${text}".`);
  return process.exit(2);
}
