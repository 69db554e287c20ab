/** Errors that a person can be told. Each edge (page, route, command) translates them once; all others stay ours. */
export class DomainError extends Error {
  override name = "DomainError";
}

/** It is not there, or not for this person: the two look the same. */
export class NotFound extends DomainError {
  override name = "NotFound";
  constructor(what = "This page") {
    super(`${what} was not found.`);
  }
}

/** What was entered cannot be taken; `field` says where. */
export class Refused extends DomainError {
  override name = "Refused";
  readonly field: string | null;
  constructor(message: string, field: string | null = null) {
    super(message);
    this.field = field;
  }
}

/** Too many tries; `seconds` until the next one counts. */
export class TooMany extends DomainError {
  override name = "TooMany";
  readonly seconds: number;
  constructor(seconds: number) {
    const minutes = Math.ceil(seconds / 60);
    super(`Too many tries. Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`);
    this.seconds = seconds;
  }
}

/**
 * The database cannot be reached; nothing was stored, or at the very end nobody knows. `digest` survives the way to the
 * browser, the message does not.
 */
export class DatabaseAway extends DomainError {
  override name = "DatabaseAway";
  readonly digest = "database-away";
  constructor(cause?: unknown, when: "before the end" | "at the end" = "before the end") {
    super(
      when === "at the end"
        ? "The database went away at the last moment. This may be stored or not; try again, that does no harm."
        : "The database cannot be reached right now. Nothing was stored; try again in a moment.",
      { cause },
    );
  }
}
