import type { LedgerEntry, NewEntry } from '../domain/ledger-entry.js';
import { roleOf, type Role } from '../domain/roles.js';

/** A sign-in of a person that goes on. */
export interface Session {
  readonly id: string;
  readonly person: string;
  readonly roles: readonly Role[];
  readonly since: Date;
  /** From then on the person signs in again. */
  readonly until: Date;
}

/** A sign-in that is to begin. */
export interface SignIn extends Omit<Session, 'since'> {
  /** Sign-ins that a person may have at once. */
  readonly most: number;
}

/** Sign-ins of people: a fold over `person.signed_in`, `.signed_out` and `.roles_changed`, and the decisions that make such entries. */
export class Sessions {
  readonly #open = new Map<string, Session>();

  /** A sign-in that is in force; undefined for one that ended, or never was. */
  find(id: string, now: Date): Session | undefined {
    const found = this.#open.get(id);
    return found && now < found.until ? found : undefined;
  }

  /** Those of a person that are in force, or of all, oldest first. */
  list(now: Date, person: string | null = null): readonly Session[] {
    return [...this.#open.values()].filter(
      (one) => now < one.until && (person === null || one.person === person),
    );
  }

  /** Begins one; where the person has as many as they may, the oldest ends. */
  open({ id, person, roles, until, most }: SignIn, now: Date): readonly NewEntry[] {
    const open = this.list(now, person);
    const tooMany = open.slice(0, Math.max(0, open.length - most + 1));
    const data = { session: id, roles: [...roles], until: until.toISOString() };
    return [
      ...tooMany.map((one) => ended(one, 'a newer sign-in took its place', now)),
      byPerson('person.signed_in', person, data, now),
    ];
  }

  /** Ends one; nothing where it has ended. */
  close(id: string, reason: string, now: Date): readonly NewEntry[] {
    const found = this.find(id, now);
    return found ? [ended(found, reason, now)] : [];
  }

  /** What the provider says now; nothing where it says the same. */
  renew(id: string, roles: readonly Role[], now: Date): readonly NewEntry[] {
    const found = this.find(id, now);
    if (!found || found.roles.join() === roles.join()) return [];
    const { person } = found;
    const data = { session: id, roles: [...roles], before: [...found.roles] };
    return [byPerson('person.roles_changed', person, data, now)];
  }

  apply({ action, at, subject, data }: LedgerEntry): void {
    const id = typeof data['session'] === 'string' ? data['session'] : '';
    if (action === 'person.signed_in') {
      this.#prune(at);
      const until = new Date(typeof data['until'] === 'string' ? data['until'] : at);
      this.#open.set(id, { id, person: subject.id, roles: rolesIn(data), since: at, until });
    } else if (action === 'person.signed_out') {
      this.#open.delete(id);
    } else if (action === 'person.roles_changed') {
      const found = this.#open.get(id);
      if (found) this.#open.set(id, { ...found, roles: rolesIn(data) });
    }
  }

  reset(): void {
    this.#open.clear();
  }

  /** What is over needs no memory. */
  #prune(now: Date): void {
    for (const [id, { until }] of this.#open) if (until <= now) this.#open.delete(id);
  }
}

function ended({ id, person }: Session, reason: string, at: Date): NewEntry {
  return byPerson('person.signed_out', person, { session: id, reason }, at);
}

/** What becomes of a person's sign-ins is their own deed. */
function byPerson(action: string, person: string, data: NewEntry['data'], at: Date): NewEntry {
  return { action, actor: { type: 'user', id: person }, at, subject: { type: 'person', id: person }, data };
}

function rolesIn({ roles }: LedgerEntry['data']): readonly Role[] {
  return Array.isArray(roles) ? roles.flatMap((role) => roleOf(role) ?? []) : [];
}
