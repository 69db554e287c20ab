// The floor of `npm run bench -- http`: the least that a server has to do for a report to be durable, in a process of its own.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { Pool } from "pg";

/** As many connections as a web process has. */
const pool = new Pool({ connectionString: process.argv[2], max: 10 });

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", async () => {
    const report = gunzipSync(Buffer.concat(chunks)).toString("utf8");
    await pool.query("INSERT INTO floor (received_at, report) VALUES (now(), $1)", [report]);
    response.writeHead(201, { "content-type": "application/json" }).end('{"outcome":"stored"}');
  });
});
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
