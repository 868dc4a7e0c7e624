import { isSamePerson, type Maker } from '../domain/person.js';
import type { Keys } from './keys.js';
import type { People } from './people.js';

/** Who an actor id of the ledger is, for people to read. */
export interface ActorCard {
  /** Of a person or a key their name, of others the id. */
  readonly name: string;
  /** Who answers for a key; null for others, and where nobody was named. */
  readonly owner: string | null;
  /** What the identity provider calls a person; null for others. */
  readonly sub: string | null;
}

/**
 * Names of those who did something. Entries hold ids, so that a name can change and be erased: it is looked up where it is shown. Keys that
 * ended and people who left still have theirs.
 */
export class Names {
  constructor(
    private readonly keys: Pick<Keys, 'find' | 'list'>,
    private readonly people: Pick<People, 'find' | 'idOfAddress' | 'list'>,
  ) {}

  card(id: string): ActorCard {
    const person = this.people.find(id);
    if (person) return { name: person.name, owner: null, sub: person.sub };
    const key = this.keys.find(id);
    return key ? { name: key.name, owner: key.owner, sub: null } : { name: id, owner: null, sub: null };
  }

  /**
   * Who acts, so that nobody counts for two: of a key whoever answers for it, and of somebody who signed in, whose address may stand there, the id that they have. Also of
   * what the `owner` of a model says.
   */
  personOf(id: string): string {
    const owner = this.keys.find(id)?.owner ?? id;
    return this.people.idOfAddress(owner) ?? owner;
  }

  /**
   * Every id by which somebody is an actor: their own, and those of all keys that they answer for, ended ones too. By name, address or id, as an owner is written, and
   * a key by its own name. Empty where nobody is called so.
   */
  idsOf(asked: string): readonly string[] {
    const people = this.people.list().filter(({ id, name, email }) => [id, name, email].some((one) => one !== null && isSamePerson(one, asked))); // prettier-ignore
    const persons = [asked, this.personOf(asked), ...people.map(({ id }) => id)];
    const isTheirs = (id: string) => persons.some((person) => isSamePerson(person, id));
    // Few people own many keys: each owner is looked for among the people once.
    const owners = new Set(this.keys.list().flatMap(({ owner }) => owner ?? []));
    const theirs = new Set([...owners].filter((owner) => isTheirs(this.personOf(owner))));
    const keys = this.keys.list().filter(({ name, owner }) => isSamePerson(name, asked) || (owner !== null && theirs.has(owner))); // prettier-ignore
    return [...new Set([...people, ...keys].map(({ id }) => id))];
  }

  /** By which names somebody can be asked for. */
  actors(): readonly string[] {
    const people = this.people.list().map(({ name, email }) => email ?? name);
    return [...new Set([...people, ...this.keys.list().map(({ name, owner }) => owner ?? name)])].sort();
  }

  /** Who made the key that acts, and who made the key of whoever made it: whoever makes a key could act with it. None of those who signed in. */
  makersOf(id: string): readonly Maker[] {
    const maker = this.keys.find(id)?.madeBy ?? null;
    if (maker === null) return [];
    return [{ person: this.personOf(maker), name: this.of(maker) }, ...this.makersOf(maker)];
  }

  /** The name, and behind it who answers for a key where that is somebody else. */
  of(id: string): string {
    const { name, owner } = this.card(id);
    return owner === null || owner === name ? name : `${name} (${owner})`;
  }
}
