/** A number of looks in a window that begins with the first of them. */
export interface LookLimit {
  most: number;
  /** Seconds. */
  window: number;
}

const TEN_MINUTES = 600;

/** Fresh looks that one client may ask for; an answer that is shared costs nobody anything and is not counted. */
export const PER_CLIENT = {
  /** From one IPv4 address or one IPv6 /64, behind which a whole office can sit. */
  visitor: { most: 60, window: TEN_MINUTES },
  /** For one person who looks at the domains of their own teams. */
  member: { most: 300, window: TEN_MINUTES },
} as const satisfies Record<string, LookLimit>;

/** Fresh looks at one domain, whoever asks: its hosts did not ask for them. Members have a share that visitors cannot use up. */
export const PER_TARGET = {
  visitor: { most: 10, window: TEN_MINUTES },
  member: { most: 30, window: TEN_MINUTES },
} as const satisfies Record<string, LookLimit>;

/** RFC 8461 §3.3 (M30): after a failed fetch of a policy nobody should fetch the same id again for five minutes. */
export const WAIT_AFTER_FAILED_FETCH = 300;

/** A person who has just mended the policy host may look again before that, so many times. */
export const AFTER_FAILED_FETCH: LookLimit = { most: 3, window: WAIT_AFTER_FAILED_FETCH };

/** Milliseconds for which one look answers everybody who asks for the same domain. */
export const SHARED_MS = 60_000;

/** Looks that are kept for that; the oldest goes first, so that memory does not grow with the number of domains. */
export const MOST_SHARED = 200;

/** Lookups of one process that are under way at the same time; the others wait in the order in which they came. */
export const LOOKUPS_AT_ONCE = 24;

/** Lookups that may wait; whoever comes then is asked to come back. */
export const MOST_WAITING = 48;

/** Seconds after which it is worth coming back to a process that is busy. */
export const BUSY_SECONDS = 30;

/** Scheduled lookups that are under way at the same time in one worker. */
export const SCHEDULED_AT_ONCE = 8;

/** Milliseconds after which a scheduled lookup no longer keeps its place from the others: its hosts are dead or slow. */
export const SLOW_MS = 8_000;

/** Slow ones that may be under way besides. With the others they are no more than LOOKUPS_AT_ONCE. */
export const SLOW_AT_ONCE = 16;

/** Milliseconds after which a scheduled lookup is given up. Far more than all limits of the probes together. */
export const LONGEST_LOOKUP_MS = 300_000;
