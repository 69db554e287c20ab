import { isIPv6 } from "node:net";
import { countAttempt, forgetAttempts } from "#lib/db/attempts.ts";
import { TooMany } from "#lib/errors.ts";

const WINDOW_SECONDS = 15 * 60;
/** Wrong passwords for one account; a person who mistypes never gets there, a guesser gets nowhere. */
const PER_ACCOUNT = 10;
/** From one address, which many people can share. */
const PER_ADDRESS = 50;

/**
 * Counts a try of a guessable thing (a password, a reset) against the account and against the address it comes from.
 * @throws TooMany when one of them had its share
 */
export async function throttle(what: string, account: string, address: string): Promise<void> {
  const keys = [`${what}:account:${account.toLowerCase()}`, `${what}:address:${networkOf(address)}`];
  const [ofAccount, ofAddress] = await countAttempt(keys, WINDOW_SECONDS);
  if (ofAccount && ofAccount.count > PER_ACCOUNT) throw new TooMany(ofAccount.seconds);
  if (ofAddress && ofAddress.count > PER_ADDRESS) throw new TooMany(ofAddress.seconds);
}

/** Forgets an account's tries after the right one. */
export async function throttleDone(what: string, account: string): Promise<void> {
  await forgetAttempts(`${what}:account:${account.toLowerCase()}`);
}

/** An IPv4 address is somebody's; of IPv6 addresses one customer has at least a /64 (RFC 6177 §2). */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail ? tail.split(":") : [];
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0");
  return `${[...left, ...zeros, ...right].slice(0, 4).join(":")}::/64`;
}
