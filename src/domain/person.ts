import type { Actor } from './ledger-entry.js';

/** Who does something: the actor that the ledger holds, and the name that people read. */
export interface Person {
  readonly actor: Actor;
  readonly name: string;
}
