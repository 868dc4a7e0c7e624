import type { Actor } from './ledger-entry.js';

/** Who does something: the actor that the ledger holds, and the name that people read. */
export interface Person {
  readonly actor: Actor;
  readonly name: string;
}

/** Whether two names of people mean one: an owner is written by hand, with capitals or without. */
export function isSamePerson(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}
