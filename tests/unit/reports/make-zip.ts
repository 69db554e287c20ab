import { crc32, deflateRawSync } from "node:zlib";

/** One entry to write; what is not given is right. */
export interface EntryToZip {
  name: string;
  data: Buffer | string;
  stored?: boolean;
  flags?: number;
  method?: number;
  crc?: number;
  size?: number;
  /** The deflate data itself, in place of `data` deflated. */
  packed?: Buffer;
}

/** Writes a zip archive (APPNOTE 4.3), also a broken one: no package that the product needs can write any. */
export function makeZip(entries: EntryToZip[], comment = ""): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const data = Buffer.from(entry.data);
    const packed = entry.packed ?? (entry.stored ? data : deflateRawSync(data));
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(entry.flags ?? 0, 2);
    common.writeUInt16LE(entry.method ?? (entry.stored ? 0 : 8), 4);
    common.writeUInt32LE(entry.crc ?? crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(entry.size ?? data.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, name, packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\x01\x02\x14\x00"), common, place, name);
    files.push(local);
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  end.writeUInt16LE(comment.length, 16);
  return Buffer.concat([...files, listed, Buffer.from("PK\x05\x06"), end, Buffer.from(comment)]);
}
