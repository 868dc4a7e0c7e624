import { createHash } from 'node:crypto';
import { CodedError } from '../domain/coded-error.js';
import type { Actor, Json, LedgerEntry, NewEntry } from '../domain/ledger-entry.js';
import type { Person } from '../domain/person.js';
import { reasonOf } from '../domain/reason.js';

export const HOLD_SUBJECT = 'hold';

/** Data of a model that is held, by its time in the world; null is without a bound. */
export interface HeldSpan {
  readonly hold: string;
  readonly since: Date | null;
  readonly until: Date | null;
}

/** What may not be deleted, neither by age nor because somebody is erased, until somebody says so. */
export interface LegalHold {
  readonly id: string;
  /** Null is all models. */
  readonly model: string | null;
  readonly since: Date | null;
  readonly until: Date | null;
  /** Keyed hash of the person it is about; null where it is about everybody. */
  readonly person: string | null;
  /** Of a hold about a person: the days on which models had rows of it when it was placed. */
  readonly days: readonly { readonly model: string; readonly since: Date; readonly until: Date }[];
  readonly reason: string;
  readonly placedBy: Actor;
  readonly placedAt: Date;
  readonly releasedBy: Actor | null;
  readonly releasedAt: Date | null;
  readonly releaseReason: string | null;
  /** Place in the ledger of the newest entry about it. */
  readonly seq: number;
}

/** A hold that cannot be placed or released; nothing was recorded. */
export class HoldRefused extends CodedError {
  override readonly name = 'HoldRefused';
  constructor(
    readonly code: 'bad_hold' | 'hold_not_found' | 'hold_released' | 'second_person_needed',
    override readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

/** What somebody wants to be held. */
export interface HoldWish extends Pick<LegalHold, 'model' | 'since' | 'until' | 'person' | 'days'> {
  readonly reason: string;
}

/** The entry that places a hold; the same wish at the same instant is the same hold. Throws HoldRefused and ReasonMissing. */
export function placeHold(
  wish: HoldWish,
  by: Person,
  at: Date,
): { readonly id: string; readonly entry: NewEntry } {
  const reason = reasonOf(wish.reason, 'reason', 'a hold keeps what would have to go');
  const { model, since, until, person, days } = wish;
  if (since && until && until <= since)
    throw new HoldRefused('bad_hold', 'until', 'until: must lie after since');
  if (model === null && person === null && since === null && until === null)
    throw new HoldRefused(
      'bad_hold',
      'model',
      'say what is held: a model, a time, or a person; for everything, since 1970-01-01T00:00:00Z',
    );
  const data = {
    model,
    since: since?.toISOString() ?? null,
    until: until?.toISOString() ?? null,
    person,
    days: days.map((one) => ({
      model: one.model,
      since: one.since.toISOString(),
      until: one.until.toISOString(),
    })),
    reason,
  };
  const digest = createHash('sha256')
    .update(JSON.stringify([data, at.toISOString()]))
    .digest('hex');
  const id = `hold_${digest.slice(0, 16)}`;
  return {
    id,
    entry: { action: 'hold.placed', actor: by.actor, at, subject: { type: HOLD_SUBJECT, id }, data },
  };
}

/** Which holds there are: a fold over `hold.*`. */
export class LegalHolds {
  private readonly all = new Map<string, LegalHold>();

  /** The newest first. */
  list(): readonly LegalHold[] {
    return [...this.all.values()].toReversed();
  }

  find(id: string): LegalHold | undefined {
    return this.all.get(id);
  }

  /** Those that nobody has released, oldest first. */
  inForce(): readonly LegalHold[] {
    return [...this.all.values()].filter(({ releasedAt }) => releasedAt === null);
  }

  /** The entry that ends a hold. Throws HoldRefused and ReasonMissing. */
  release({ id, reason }: { readonly id: string; readonly reason: string }, by: Person, at: Date): NewEntry {
    const why = reasonOf(reason, 'reason', 'what was held may be deleted after this');
    const found = this.all.get(id);
    if (!found)
      throw new HoldRefused('hold_not_found', 'id', `there is no hold ${id}: see tidewatch hold list`);
    if (found.releasedAt !== null)
      throw new HoldRefused(
        'hold_released',
        'id',
        `hold ${id} was released on ${found.releasedAt.toISOString()}`,
      );
    const subject = { type: HOLD_SUBJECT, id };
    return { action: 'hold.released', actor: by.actor, at, subject, data: { reason: why } };
  }

  /** What of a model's data may not go. */
  spansOf(model: string): readonly HeldSpan[] {
    return this.inForce().flatMap((hold): readonly HeldSpan[] => {
      if (hold.person !== null)
        return hold.days
          .filter((one) => one.model === model)
          .map(({ since, until }) => ({ hold: hold.id, since, until }));
      const isOf = hold.model === null || hold.model === model;
      return isOf ? [{ hold: hold.id, since: hold.since, until: hold.until }] : [];
    });
  }

  /** Holds that keep rows of a person: those about that person, and those of models on days on which there are rows. */
  keeping(
    person: string,
    rows: readonly { readonly model: string; readonly first: Date; readonly last: Date }[],
  ): readonly LegalHold[] {
    return this.inForce().filter((hold) => {
      if (hold.person !== null) return hold.person === person;
      return rows.some(
        ({ model, first, last }) =>
          (hold.model === null || hold.model === model) &&
          (hold.since === null || last >= hold.since) &&
          (hold.until === null || first < hold.until),
      );
    });
  }

  apply({ action, actor, at, subject, data, seq }: LedgerEntry): void {
    if (action === 'hold.placed') this.all.set(subject.id, heldBy({ id: subject.id, actor, at, seq }, data));
    const known = action === 'hold.released' ? this.all.get(subject.id) : undefined;
    if (known)
      this.all.set(subject.id, {
        ...known,
        seq,
        releasedBy: actor,
        releasedAt: at,
        releaseReason: textOf(data['reason']),
      });
  }

  reset(): void {
    this.all.clear();
  }
}

interface Placed {
  readonly id: string;
  readonly actor: Actor;
  readonly at: Date;
  readonly seq: number;
}

function heldBy({ id, actor, at, seq }: Placed, data: { readonly [key: string]: Json }): LegalHold {
  const days = Array.isArray(data['days'])
    ? (data['days'] as readonly { readonly [key: string]: Json }[])
    : [];
  return {
    id,
    model: textOf(data['model']),
    since: dateOf(data['since']),
    until: dateOf(data['until']),
    person: textOf(data['person']),
    days: days.map((one) => ({
      model: textOf(one['model']) ?? '',
      since: dateOf(one['since']) ?? new Date(0),
      until: dateOf(one['until']) ?? new Date(0),
    })),
    reason: textOf(data['reason']) ?? '',
    placedBy: actor,
    placedAt: at,
    releasedBy: null,
    releasedAt: null,
    releaseReason: null,
    seq,
  };
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function dateOf(value: Json | undefined): Date | null {
  return typeof value === 'string' ? new Date(value) : null;
}
