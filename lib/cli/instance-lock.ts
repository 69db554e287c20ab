import { mkdirSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";

/**
 * Holds a data folder for this process: a listening socket, which the system closes with its owner however that ends.
 * @returns a function that lets go, or null when another process holds the folder
 */
export async function holdFolder(socketFolder: string): Promise<(() => Promise<void>) | null> {
  mkdirSync(socketFolder, { recursive: true, mode: 0o711 });
  const path = join(socketFolder, "sealpost.sock");
  for (let attempt = 0; attempt < 5; attempt++) {
    const server = createServer((socket) => socket.end(`${process.pid}\n`));
    const listening = await new Promise<boolean>((done, failed) => {
      server.once("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "EADDRINUSE") done(false);
        else failed(error);
      });
      server.listen(path, () => done(true));
    });
    if (listening) {
      server.unref();
      return () => new Promise((done) => server.close(() => done()));
    }
    if ((await ownerOf(path)).held) return null;
    rmSync(path, { force: true }); // left behind by a process that is gone
  }
  return null;
}

/** Who holds the folder: `pid` is null when the holder is too busy to say. */
export async function folderOwner(socketFolder: string): Promise<{ held: boolean; pid: number | null }> {
  return ownerOf(join(socketFolder, "sealpost.sock"));
}

function ownerOf(path: string): Promise<{ held: boolean; pid: number | null }> {
  return new Promise((done) => {
    let held = false;
    let said = "";
    const socket = connect(path, () => {
      held = true;
    });
    socket.setTimeout(2_000, () => socket.destroy());
    socket.on("data", (bytes) => {
      said += String(bytes);
    });
    socket.on("error", () => done({ held, pid: null }));
    socket.on("close", () => done({ held, pid: Number.parseInt(said, 10) || null }));
  });
}
