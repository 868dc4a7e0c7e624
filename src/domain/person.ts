import type { Actor } from './ledger-entry.js';
import { plainName } from './plain-name.js';

/** Who does something: the actor that the ledger holds, and the name that people read. */
export interface Person {
  readonly actor: Actor;
  readonly name: string;
}

/** Somebody who made a key: as a person, and as people read it. */
export interface Maker {
  readonly person: string;
  readonly name: string;
}

/**
 * Whoever made the key of one of two and is the other: whoever makes a key could act with it, so that the two are no two people. Undefined where
 * neither made the key of the other.
 */
export function makerAmong(a: Acting, b: Acting): Maker | undefined {
  return (
    a.makers.find(({ person }) => isSamePerson(person, b.person)) ??
    b.makers.find(({ person }) => isSamePerson(person, a.person))
  );
}

/** Whether two who act are two people: neither is the other, or made the other's key. */
export function areTwo(a: Acting, b: Acting): boolean {
  return !isSamePerson(a.person, b.person) && !makerAmong(a, b);
}

/** A person who acts, and who made the key that they act with. */
export interface Acting {
  readonly person: string;
  readonly makers: readonly Maker[];
}

/** Whether two names of people mean one: an owner is written by hand, with capitals or without, and with what does not show. */
export function isSamePerson(a: string, b: string): boolean {
  return plainName(a) === plainName(b);
}
