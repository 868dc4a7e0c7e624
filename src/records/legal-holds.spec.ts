import { expect, it } from 'vitest';
import type { NewEntry } from '../domain/ledger-entry.js';
import { LegalHolds, placeHold, type HoldWish } from './legal-holds.js';

const AT = new Date('2026-11-25T00:00:00Z');
const day = (n: number) => new Date(Date.UTC(2026, 9, n));
const by = { actor: { type: 'user', id: 'counsel' } as const, name: 'counsel' };
const NOTHING: HoldWish = { model: null, since: null, until: null, person: null, days: [], reason: 'a case' };

function holds(...wishes: readonly Partial<HoldWish>[]): LegalHolds {
  const fold = new LegalHolds();
  const entries = wishes.map((wish) => placeHold({ ...NOTHING, ...wish }, by, AT).entry);
  entries.forEach((entry, i) => feed(fold, entry, i + 1));
  return fold;
}
const feed = (fold: LegalHolds, entry: NewEntry, seq: number) => fold.apply({ ...entry, seq, hash: '' });

it('keeps a model, a time of all models, or the days of a person', () => {
  const days = [{ model: 'c', since: day(3), until: day(4) }];
  const fold = holds({ model: 'a' }, { since: day(5), until: day(6) }, { person: 'h', days });
  const [ofModel, ofTime, ofPerson] = fold.inForce().map(({ id }) => id);
  expect(fold.spansOf('a')).toEqual([
    { hold: ofModel, since: null, until: null },
    { hold: ofTime, since: day(5), until: day(6) },
  ]);
  expect(fold.spansOf('c')).toEqual([
    { hold: ofTime, since: day(5), until: day(6) },
    { hold: ofPerson, since: day(3), until: day(4) },
  ]);
});

it('keeps a person whose rows lie in it, half-open, or who is named', () => {
  const fold = holds({ model: 'a', since: day(5), until: day(6) }, { person: 'h' });
  const kept = (person: string, model: string, first: Date, last: Date) =>
    fold.keeping(person, [{ model, first, last }]).length;
  expect(kept('x', 'a', day(1), day(5))).toBe(1);
  expect(kept('x', 'a', day(6), day(9))).toBe(0);
  expect(kept('x', 'b', day(1), day(9))).toBe(0);
  expect(kept('h', 'b', day(1), day(9))).toBe(1);
});

it('ends with a reason, once', () => {
  const fold = holds({ model: 'a' });
  const [{ id } = { id: '' }] = fold.list();
  expect(() => fold.release({ id, reason: ' ' }, by, AT)).toThrow(/say why/u);
  feed(fold, fold.release({ id, reason: 'settled' }, by, AT), 2);
  expect(fold.inForce()).toEqual([]);
  expect(fold.find(id)).toMatchObject({ releaseReason: 'settled', releasedBy: by.actor });
  expect(() => fold.release({ id, reason: 'again' }, by, AT)).toThrow(/was released/u);
  expect(() => fold.release({ id: 'hold_x', reason: 'again' }, by, AT)).toThrow(/no hold hold_x/u);
});

it('is refused for nothing at all, or for a time that ends before it begins', () => {
  expect(() => placeHold(NOTHING, by, AT)).toThrow(/say what is held/u);
  expect(() => placeHold({ ...NOTHING, since: day(2), until: day(2) }, by, AT)).toThrow(/after since/u);
  expect(() => placeHold({ ...NOTHING, model: 'a', reason: '' }, by, AT)).toThrow(/say why/u);
});
