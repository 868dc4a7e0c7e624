import type { Actor } from '../domain/ledger-entry.js';
import type { Clock } from '../domain/clock.js';
import type { Ledger } from '../ledger/ledger.js';
import type { KnownPerson, People } from '../registry/people.js';
import type { Sessions } from '../registry/sessions.js';
import { eraseKnownPerson } from './erase-known-person.js';

export interface PeopleGround {
  readonly ledger: Ledger;
  readonly people: People;
  readonly sessions: Sessions;
  readonly clock: Clock;
}

/** People who signed in: who they are, and the end of that. */
export class PeopleActions {
  constructor(private readonly ground: PeopleGround) {}

  /** With how many sign-ins are open; another process may have let somebody in. */
  async list(): Promise<readonly (KnownPerson & { readonly signIns: number })[]> {
    const { people, sessions, clock } = this.ground;
    await people.load();
    const now = clock.now();
    return people.list().map((one) => ({ ...one, signIns: sessions.list(now, one.id).length }));
  }

  /** As `eraseKnownPerson` does. */
  async erase(wish: { readonly id: string; readonly reason: string; readonly actor: Actor }): Promise<void> {
    return eraseKnownPerson(this.ground, wish);
  }
}
