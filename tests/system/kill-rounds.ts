/**
 * How often each process is killed in the tests that kill under load: a few times in every run, since each takes seconds, and
 * twenty with `KILL_ROUNDS=20`, as after a change of a door.
 */
export const KILL_ROUNDS = Number(process.env.KILL_ROUNDS ?? 3);
