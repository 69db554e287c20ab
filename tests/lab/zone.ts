/** What the lab's DNS does with the questions about a name, besides answering them. */
export interface Switches {
  /** Instead of an answer. */
  fault?:
    | "servfail"
    /** SERVFAIL for those who want validated answers only (without the CD bit, RFC 4035 §3.2.2). */
    | "bogus"
    | "refused"
    | "silent"
    | "malformed";
  /** The fault is with questions for this type only. */
  faultOf?: "A" | "AAAA";
  /** The AD bit, for those who ask for it. */
  authenticated?: boolean;
  /**
   * How long the signatures of what is `authenticated` have held and will, in hours; about a month unless given. They come
   * to those who set the DO bit (RFC 3225), and nothing is signed in truth.
   */
  signature?: { since: number; left: number };
  /** TC over UDP; the whole answer only over TCP. */
  truncated?: boolean;
  /** Only the CNAME, not what it leads to: a server that does not resolve. */
  aliasOnly?: boolean;
  /** A forged answer (wrong id) and one to another question come first. */
  forgedFirst?: boolean;
  /** FORMERR to whoever uses EDNS. */
  withoutEdns?: boolean;
  /** Milliseconds before the answer. */
  delay?: number;
}

/** Records of one type each, as in a zone file; a TXT is a list of its character-strings, octets as latin1 chars. */
export interface ZoneRecords {
  A?: string[];
  AAAA?: string[];
  CNAME?: string;
  NS?: string[];
  MX?: [preference: number, exchange: string][];
  TXT?: string[][];
  TLSA?: { usage: number; selector: number; matchingType: number; certificate: Buffer }[];
  SOA?: { mname: string; rname: string; serial: number; minimum: number };
  CAA?: { flags?: number; tag: "issue" | "issuewild" | "iodef"; value: string }[];
  /** Seconds, for all records of the name; an hour unless given. */
  ttl?: number;
}

/** Full names in lower case without the trailing dot, "" for the root. "*.name" is a wildcard (RFC 4592). */
export interface Zone {
  names: ZoneNames;
  /** For a name and everything below it; the closest name wins. Those of the root hold for itself only. */
  switches: Map<string, Switches>;
}

/** Names that know how many of them are below a name: with thousands of domains a search takes longer than their lookups. */
export class ZoneNames extends Map<string, ZoneRecords> {
  readonly #below = new Map<string, number>();

  constructor(entries: Iterable<readonly [string, ZoneRecords]>) {
    super();
    for (const [name, records] of entries) this.set(name, records);
  }

  hasBelow(name: string): boolean {
    return (this.#below.get(name) ?? 0) > 0;
  }

  override set(name: string, records: ZoneRecords): this {
    if (!this.has(name)) this.#count(name, 1);
    return super.set(name, records);
  }

  override delete(name: string): boolean {
    if (this.has(name)) this.#count(name, -1);
    return super.delete(name);
  }

  #count(name: string, by: 1 | -1): void {
    for (let at = parentOf(name); at !== ""; at = parentOf(at)) this.#below.set(at, (this.#below.get(at) ?? 0) + by);
  }
}

/** What the zone holds at a name: its records, {} where only names below it exist, null where there is nothing. */
export function zoneAt(zone: Zone, name: string): ZoneRecords | null {
  const exact = zone.names.get(name);
  if (exact) return exact;
  if (exists(zone, name)) return {};
  // RFC 4592 §3.3.1: the wildcard of the closest encloser stands for names that do not exist.
  for (let encloser = parentOf(name); encloser !== ""; encloser = parentOf(encloser)) {
    const wildcard = zone.names.get(`*.${encloser}`);
    if (wildcard) return wildcard;
    if (exists(zone, encloser)) return null;
  }
  return null;
}

/** The switches that hold for a name. */
export function switchesAt(zone: Zone, name: string): Switches {
  for (let at = name; at !== ""; at = parentOf(at)) {
    const switches = zone.switches.get(at);
    if (switches) return switches;
  }
  return (name === "" && zone.switches.get("")) || {};
}

function exists(zone: Zone, name: string): boolean {
  return zone.names.has(name) || zone.names.hasBelow(name);
}

function parentOf(name: string): string {
  const dot = name.indexOf(".");
  return dot < 0 ? "" : name.slice(dot + 1);
}
