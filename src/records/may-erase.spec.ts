import { describe, expect, it } from 'vitest';
import type { LedgerEntry, NewEntry } from '../domain/ledger-entry.js';
import { Erasures } from './erasures.js';
import { mayErase, type ErasureFacts } from './may-erase.js';

const AT = new Date('2026-11-25T00:00:00Z');
const wish = (by: string) => ({
  hash: 'h1',
  reason: `because of ${by}`,
  by: { actor: { type: 'key', id: by } as const, name: by },
});
const personOf = (actor: string) => actor.replace(/ \(second key\)$/u, '');
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
  return decision.kind === 'going' ? [] : decision.entries;
};

describe('erasing a person', () => {
  it('begins at once where no model of high risk has rows', () => {
    const fold = after(...decided('a', { known: undefined, models: [LOW], holds: [], personOf }));
    expect(fold.find('h1')).toMatchObject({ state: 'RUNNING', reason: 'because of a', approvedBy: null });
    expect(mayErase(wish('b'), { known: fold.find('h1'), models: [LOW], holds: [], personOf }, AT).kind).toBe(
      'going',
    );
  });

  it('waits for a second person where one has, and the first is never the second', () => {
    const first = decided('a', { known: undefined, models: [LOW, HIGH], holds: [], personOf });
    const fold = after(...first);
    expect(fold.find('h1')).toMatchObject({ state: 'PROPOSED', startedAt: null });
    const known = fold.find('h1');
    const again = mayErase(wish('a'), { known, models: [HIGH], holds: [], personOf }, AT);
    expect(again).toEqual({ kind: 'second_person', entries: [], models: ['lives'] });
    const ownOther = mayErase(wish('A (second key)'), { known, models: [HIGH], holds: [], personOf }, AT);
    expect(ownOther.kind).toBe('second_person');
    const both = after(...first, ...decided('b', { known, models: [HIGH], holds: [], personOf }));
    expect(both.find('h1')).toMatchObject({
      state: 'RUNNING',
      askedBy: { id: 'a' },
      approvedBy: { id: 'b' },
    });
  });

  it('refuses what comes later from the start on, for ever or for a time', () => {
    const fold = after(...decided('a', { known: undefined, models: [], holds: [], personOf }));
    const later = (ms: number) => new Date(AT.getTime() + ms);
    expect(fold.refusedBy('h1', null, later(1e12))).toBe(1);
    expect(fold.refusedBy('h1', 1000, later(999))).toBe(1);
    expect(fold.refusedBy('h1', 1000, later(1000))).toBeNull();
    expect(fold.refusedBy('h2', null, AT)).toBeNull();
  });

  it('is refused as a whole while something of it is held, and that is recorded', () => {
    const decision = mayErase(
      wish('a'),
      { known: undefined, models: [LOW], holds: ['hold_1'], personOf },
      AT,
    );
    expect(decision).toMatchObject({
      kind: 'held',
      entries: [{ action: 'subject.erasure_refused', data: { holds: ['hold_1'], reason: 'because of a' } }],
    });
    expect(after(...(decision.kind === 'held' ? decision.entries : [])).find('h1')).toBeUndefined();
  });
});
