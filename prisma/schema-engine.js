#!/usr/bin/env node
// Prisma's migration commands talk JSON-RPC with a native "schema-engine" program, which they fetch from Prisma's own host.
// This program answers the same protocol with the same engine in its WebAssembly edition, which comes with the packages
// (@prisma/schema-engine-wasm, pinned to the engine commit of the `prisma` package), through the JavaScript pg adapter.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import readline from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum, DriverAdapterError } from "@prisma/driver-adapter-utils";
import pg from "pg";

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    datamodels: { type: "string", multiple: true },
    datasource: { type: "string" },
    version: { type: "boolean", short: "V" },
  },
});
const datasource = JSON.parse(String(values.datasource ?? "{}"));
const address = datasource.url ?? "";
const pools = new Set();

// ---- connections --------------------------------------------------------------------------------------------------

// The engine reads the catalogue: its "char" columns (type 18) must arrive as characters, and columns of int2vector, oid
// vector, regproc, aclitem, pg_node_tree and the like as text. The adapter refuses these types, so they are renamed here.
const CATALOGUE_TYPES = new Set([18, 22, 24, 30, 194, 1033, 2205, 2206]);
const CHARACTER_TYPE = 18;
const TEXT_TYPE = 25;

function poolFor(url, database) {
  const target = new URL(url);
  if (database !== undefined) target.pathname = `/${encodeURIComponent(database)}`;
  let lastCharacters = [];
  const rename = (result) => {
    const fields = result?.fields ?? [];
    lastCharacters = fields.filter((field) => field.dataTypeID === CHARACTER_TYPE).map((field) => field.name);
    for (const field of fields) if (CATALOGUE_TYPES.has(field.dataTypeID)) field.dataTypeID = TEXT_TYPE;
    return result;
  };
  class Client extends pg.Client {
    // The pool calls back, the adapter awaits: both pass here.
    query(...args) {
      const callback = args.at(-1);
      if (typeof callback === "function") args[args.length - 1] = (error, result) => callback(error, rename(result));
      const promise = super.query(...args);
      return typeof promise?.then === "function" ? promise.then(rename) : promise;
    }
  }
  const pool = new pg.Pool({ connectionString: target.href, max: 1, Client });
  pools.add(pool);
  return { pool, characterColumns: () => lastCharacters };
}

async function open(url, database) {
  const { pool, characterColumns } = poolFor(url, database);
  const schema = new URL(url).searchParams.get("schema") ?? undefined;
  const connection = await new PrismaPg(pool, { schema, disposeExternalPool: true }).connect();
  const queryRaw = connection.queryRaw.bind(connection);
  connection.queryRaw = async (query) => {
    const result = await queryRaw(query);
    const characters = characterColumns();
    result.columnNames.forEach((name, index) => {
      if (characters.includes(name)) result.columnTypes[index] = ColumnTypeEnum.Character;
    });
    return result;
  };
  // A script sent as one simple query is one transaction: a migration is applied whole or not at all. (The adapter splits
  // at each semicolon, which breaks function bodies and leaves a failed migration half applied.)
  connection.executeScript = async (script) => {
    try {
      await pool.query(script);
    } catch (error) {
      throw driverError(error);
    }
  };
  return connection;
}

function driverError(error) {
  if (!error.code) return error;
  const { code, severity = "ERROR", message, detail, column, hint, position } = error;
  const where = position ? ` (at character ${position})` : "";
  return new DriverAdapterError({ kind: "postgres", code, severity, message: message + where, detail, column, hint });
}

async function openShadow() {
  if (datasource.shadowDatabaseUrl) return open(datasource.shadowDatabaseUrl);
  const name = `sealpost_shadow_${crypto.randomUUID().replaceAll("-", "")}`;
  const { pool } = poolFor(address);
  await pool.query(`CREATE DATABASE ${name}`);
  const connection = await open(address, name);
  const dispose = connection.dispose.bind(connection);
  connection.dispose = async () => {
    await dispose();
    await pool.query(`DROP DATABASE IF EXISTS ${name}`);
  };
  return connection;
}

// ---- the engine behind JSON-RPC -------------------------------------------------------------------------------------

function serve() {
  const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  let engine;
  let queue = Promise.resolve();
  const answer = async ({ id, method, params }) => {
    try {
      engine ??= await loadEngine();
      const result = await engine[method === "getDatabaseVersion" ? "version" : method](params);
      // "diff" prints its text through a request of its own, as the native engine does.
      if (method === "diff" && result?.stdout) {
        send({ id: id + 1_000_000, method: "print", params: { content: result.stdout.replace(/\n$/, "") } });
      }
      send({ id, result: result ?? null });
    } catch (error) {
      send({ id, error: { code: 4466, message: "The schema engine failed.", data: describe(error) } });
    }
  };
  readline
    .createInterface({ input: process.stdin })
    .on("line", (line) => {
      const request = line.trim() === "" ? null : JSON.parse(line);
      if (request?.method) queue = queue.then(() => answer(request));
    })
    .on("close", () => queue.finally(() => leave()));
}

async function loadEngine() {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => log(message, undefined, true) };
  const glue = import.meta.resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const bindings = await import(glue);
  const bytes = readFileSync(join(dirname(fileURLToPath(glue)), "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(bytes, { "./schema_engine_bg.js": bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const datamodels = [values.datamodels ?? []].flat().filter((path) => existsSync(path));
  const factory = bindMigrationAwareSqlAdapterFactory({
    provider: "postgres",
    adapterName: "@prisma/adapter-pg",
    connect: () => open(address),
    connectToShadowDb: openShadow,
  });
  const models = datamodels.map((path) => [path, readFileSync(path, "utf8")]);
  return bindings.SchemaEngine.new({ datamodels: models.length > 0 ? models : undefined }, () => {}, factory);
}

// ---- one-shot commands ----------------------------------------------------------------------------------------------

async function runCommand(name) {
  const database = decodeURIComponent(new URL(address).pathname.slice(1)) || "postgres";
  const quoted = `"${database.replaceAll('"', '""')}"`;
  try {
    if (name === "create-database") await poolFor(address, "postgres").pool.query(`CREATE DATABASE ${quoted}`);
    else if (name === "drop-database") await poolFor(address, "postgres").pool.query(`DROP DATABASE ${quoted}`);
    else await poolFor(address).pool.query("SELECT 1");
    await leave();
  } catch (error) {
    const known = { "3D000": "P1003", "28P01": "P1000", 28000: "P1000" }[error.code];
    log(known === "P1003" ? `Database \`${database}\` does not exist` : error.message, known ?? "P1001");
    await leave("", 1);
  }
}

function describe(error) {
  const message = error?.message ?? String(error);
  return { message, is_panic: false, error_code: error?.code ?? /\b(P\d{4})\b/.exec(message)?.[1] };
}

function log(message, error_code, is_panic = false) {
  const fields = { message, error_code, is_panic };
  process.stderr.write(`\n${JSON.stringify({ level: "ERROR", target: "schema_engine::logger", fields })}`);
}

async function leave(text = "", code = 0) {
  if (text) console.log(text);
  await Promise.allSettled([...pools].filter((pool) => !pool.ended).map((pool) => pool.end()));
  process.exit(code);
}

if (values.version) await leave("schema-engine-wasm");
else if (positionals[0] === "cli") await runCommand(positionals[1] ?? "");
else serve();
