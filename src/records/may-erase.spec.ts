import { describe, expect, it } from 'vitest';
import type { LedgerEntry, NewEntry } from '../domain/ledger-entry.js';
import { Erasures } from './erasures.js';
import { mayErase, type ErasureFacts } from './may-erase.js';

const AT = new Date('2026-11-25T00:00:00Z');
const wish = (by: string) => ({
  hash: 'h1',
  reason: `because of ${by}`,
  by: { actor: { type: 'key', id: by } as const, name: by },
  evenIfAbsent: false,
});
const personOf = (actor: string) => actor.replace(/ \(second key\)$/u, '');
/** `a` made the key `puppet` for somebody else. */
const makersOf = (actor: string) => (actor === 'puppet' ? [{ person: 'a', name: 'a' }] : []);
const WHO = { personOf, makersOf };
const HIGH = { key: 'lives', tier: 'HIGH' } as const;
const LOW = { key: 'shop', tier: 'LOW' } as const;

/** A fold with these entries in it. */
function after(...entries: readonly NewEntry[]): Erasures {
  const fold = new Erasures();
  entries.forEach((entry, i) => fold.apply({ ...entry, seq: i + 1, hash: '' } satisfies LedgerEntry));
  return fold;
}
const decided = (by: string, facts: ErasureFacts) => {
  const decision = mayErase(wish(by), facts, AT);
  return 'entries' in decision ? decision.entries : [];
};

const ended = (id: string): NewEntry => ({
  action: 'subject.erased',
  actor: { type: 'system', id: 'tidewatch' },
  at: AT,
  subject: { type: 'data_subject', id },
  data: { reason: 'because of a', rows: { predictions: 3 }, models: {}, trainingRuns: [] },
});

describe('erasing a person', () => {
  it('begins at once where no model of high risk has rows', () => {
    const fold = after(
      ...decided('a', { known: undefined, models: [LOW], holds: [], isAbsent: false, ...WHO }),
    );
    expect(fold.find('h1')).toMatchObject({ state: 'RUNNING', reason: 'because of a', approvedBy: null });
    expect(
      mayErase(wish('b'), { known: fold.find('h1'), models: [LOW], holds: [], isAbsent: false, ...WHO }, AT)
        .kind,
    ).toBe('going');
  });

  it('waits for a second person where one has, and the first is never the second', () => {
    const first = decided('a', {
      known: undefined,
      models: [LOW, HIGH],
      holds: [],
      isAbsent: false,
      ...WHO,
    });
    const fold = after(...first);
    expect(fold.find('h1')).toMatchObject({ state: 'PROPOSED', startedAt: null });
    const known = fold.find('h1');
    const again = mayErase(wish('a'), { known, models: [HIGH], holds: [], isAbsent: false, ...WHO }, AT);
    expect(again).toEqual({ kind: 'second_person', entries: [], models: ['lives'] });
    const ownOther = mayErase(
      wish('A (second key)'),
      { known, models: [HIGH], holds: [], isAbsent: false, ...WHO },
      AT,
    );
    expect(ownOther.kind).toBe('second_person');
    for (const [one, other] of [
      ['a', 'puppet'],
      ['puppet', 'a'],
    ] as const) {
      const asked = after(
        ...decided(one, { known: undefined, models: [HIGH], holds: [], isAbsent: false, ...WHO }),
      ).find('h1');
      expect(
        mayErase(wish(other), { known: asked, models: [HIGH], holds: [], isAbsent: false, ...WHO }, AT).kind,
      ).toBe('second_person');
    }
    const both = after(
      ...first,
      ...decided('b', { known, models: [HIGH], holds: [], isAbsent: false, ...WHO }),
    );
    expect(both.find('h1')).toMatchObject({
      state: 'RUNNING',
      askedBy: { id: 'a' },
      approvedBy: { id: 'b' },
    });
  });

  it('refuses what comes later from the start on, for ever or for a time', () => {
    const fold = after(...decided('a', { known: undefined, models: [], holds: [], isAbsent: false, ...WHO }));
    const later = (ms: number) => new Date(AT.getTime() + ms);
    expect(fold.refusedBy('h1', null, later(1e12))).toBe(1);
    expect(fold.refusedBy('h1', 1000, later(999))).toBe(1);
    expect(fold.refusedBy('h1', 1000, later(1000))).toBeNull();
    expect(fold.refusedBy('h2', null, AT)).toBeNull();
  });

  it('is refused as a whole while something of it is held, and that is recorded', () => {
    const decision = mayErase(
      wish('a'),
      { known: undefined, models: [LOW], holds: ['hold_1'], isAbsent: false, ...WHO },
      AT,
    );
    expect(decision).toMatchObject({
      kind: 'held',
      entries: [{ action: 'subject.erasure_refused', data: { holds: ['hold_1'], reason: 'because of a' } }],
    });
    const fold = after(...(decision.kind === 'held' ? decision.entries : []));
    expect(fold.find('h1')).toBeUndefined();
    expect(fold.list()).toMatchObject([{ state: 'REFUSED', reason: 'because of a', holds: ['hold_1'] }]);
  });

  it('of whom nothing is stored is refused, unless that is meant or it was done before', () => {
    const facts = { known: undefined, models: [], holds: [], isAbsent: true, ...WHO };
    expect(mayErase(wish('a'), facts, AT)).toEqual({ kind: 'absent' });
    const meant = mayErase({ ...wish('a'), evenIfAbsent: true }, facts, AT);
    expect(meant.kind).toBe('go');
    const done = after(...('entries' in meant ? meant.entries : []), ended('h1')).find('h1');
    expect(done?.state).toBe('DONE');
    expect(mayErase(wish('b'), { ...facts, known: done }, AT)).toEqual({ kind: 'done' });
  });

  it('asked for again hides nothing of what was, and lets nothing in meanwhile', () => {
    const go = decided('a', { known: undefined, models: [LOW], holds: [], isAbsent: false, ...WHO });
    const first = after(...go, ended('h1')).find('h1');
    const again = decided('b', { known: first, models: [HIGH], holds: [], isAbsent: false, ...WHO });
    const fold = after(...go, ended('h1'), ...again);
    expect(fold.list().map(({ state, reason }) => `${state} ${reason}`)).toEqual([
      'PROPOSED because of b',
      'DONE because of a',
    ]);
    expect(fold.refusedBy('h1', null, AT)).toBe(2);
  });
});
