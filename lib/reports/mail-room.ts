import { MAX_FILE_HEADER_BYTES, MAX_FILE_PARTS } from "./limits.ts";
import { Refusal, rejected } from "./refusal.ts";
import { takingTurns } from "./take-turns.ts";

/** What all mails of one file may still have together: each limit of one mail would be multiplied by their number. */
export class MailRoom {
  private parts = MAX_FILE_PARTS;
  private headerBytes = MAX_FILE_HEADER_BYTES;
  /** Lets everything else have its turn, once in a while: reading mails waits for nothing by itself. */
  readonly turn = takingTurns();

  /** True when a limit was met, and told of: nothing else of the file's mails is read. */
  get isUsedUp(): boolean {
    return this.parts < 0 || this.headerBytes < 0;
  }

  /** Makes room for a mail or a part of one. Throws a Refusal where there is none. */
  take(headerBytes: number): void {
    this.parts -= 1;
    this.headerBytes -= headerBytes;
    if (this.parts < 0) throw full("mail-parts", `${MAX_FILE_PARTS} parts`);
    if (this.headerBytes < 0) throw full("too-large", `${MAX_FILE_HEADER_BYTES / 1024 / 1024} MB of headers`);
  }
}

function full(code: "mail-parts" | "too-large", most: string): Refusal {
  return new Refusal(rejected(code, `the mails of the file have more than ${most} in all and are not read further`));
}
