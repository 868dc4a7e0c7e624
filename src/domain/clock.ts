/** Time as an argument: the composition root gives the real one, tests and replay give theirs. */
export abstract class Clock {
  abstract now(): Date;
}
