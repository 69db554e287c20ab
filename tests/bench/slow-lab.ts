// A process with a lab that is far away: every packet takes half of the round-trip time each way. It is one of its own, so
// that neither its time nor its memory is taken for those of the lookups that are measured.
import { connect, createServer, type Socket } from "node:net";
import { startLab } from "#tests/lab/lab.ts";
import type { WorldDomain } from "#tests/lab/world-domain.ts";

/** Connections to one address, in the order of their coming, each with the round trips that it took. */
export type RoundTrips = Record<string, number[]>;

/** What the process is told first. */
export interface FarAway {
  domains: WorldDomain[];
  /** Milliseconds. */
  roundTrip: number;
}

const { domains, roundTrip } = await new Promise<FarAway>((told) => process.once("message", told));
const lab = await startLab({ domains });
for (const name of ["", "test", "com", "org"])
  lab.zone.switches.set(name, { ...lab.zone.switches.get(name), delay: roundTrip });
const trips: RoundTrips = {};
const [smtpPort, httpsPort] = await Promise.all([farPort(lab.settings.smtpPort), farPort(lab.settings.httpsPort)]);
process.send?.({ ...lab.settings, smtpPort, httpsPort });
process.on("message", () => process.send?.(trips));
process.on("disconnect", () => process.exit());

/** A port on every loopback address that leads to another one there, far away. Itself when that is not far. */
async function farPort(near: number): Promise<number> {
  if (roundTrip === 0) return near;
  const server = createServer((client) => {
    const address = client.localAddress ?? "127.0.0.1";
    const all = trips[`${address} ${near === lab.settings.smtpPort ? "smtp" : "https"}`] ?? [];
    trips[`${address} ${near === lab.settings.smtpPort ? "smtp" : "https"}`] = all;
    const number = all.push(1) - 1; // the connection itself
    let asked = false;
    const target = connect(near, address);
    client.setNoDelay(true);
    target.setNoDelay(true);
    // The kernel has accepted the connection at once; what takes a round trip is counted here.
    const opened = performance.now() + roundTrip;
    pipeLate(
      client,
      target,
      () => Math.max(performance.now(), opened) + roundTrip / 2,
      () => {
        if (!asked) all[number] = (all[number] ?? 0) + 1;
        asked = true;
      },
    );
    pipeLate(
      target,
      client,
      () => Math.max(performance.now(), opened) + roundTrip / 2,
      () => {
        asked = false;
      },
    );
  });
  await new Promise<void>((done) => server.listen(0, "0.0.0.0", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

function pipeLate(from: Socket, to: Socket, due: () => number, onData: () => void): void {
  from.on("error", () => to.destroy());
  from.on("data", (bytes) => {
    onData();
    setTimeout(() => to.writable && to.write(bytes), Math.max(0, due() - performance.now()));
  });
  from.on("end", () => setTimeout(() => to.end(), Math.max(0, due() - performance.now())));
}
