import type { Actor } from './ledger-entry.js';
import { plainName, skeleton } from './plain-name.js';

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

/**
 * Whether two names of people mean one: an owner is written by hand, with capitals or without, and with what does not show. Names that look the same and are of different
 * letters mean one too: whoever reads them could not tell, so that they never count for two. A name with an address behind it is that address.
 */
export function isSamePerson(a: string, b: string): boolean {
  return skeleton(addressOr(a)) === skeleton(addressOr(b));
}

/** The address of a name that is written as mail programs do, `Ada <ada@example.org>`: it says who it is. */
function addressOr(name: string): string {
  return /<\s*([^<>\s]+@[^<>\s]+)\s*>/u.exec(name)?.[1] ?? name;
}

/** The name among `known` that looks like another one and is not it: whoever reads them cannot tell the two apart. */
export function looksLike(name: string, known: readonly string[]): string | undefined {
  return known.find((one) => isSamePerson(one, name) && plainName(one) !== plainName(name));
}
