import { describe, expect, it } from 'vitest';
import type { NewEntry } from '../domain/ledger-entry.js';
import { Membership } from './membership.js';
import { silentMembers } from './silent-members.js';

const NOW = new Date('2026-11-25T10:00:00Z');
const models = Array.from({ length: 40 }, (_, i) => `m${i}`);

/** A membership that is told what it decides, as the ledger does. */
class Told extends Membership {
  private seq = 0;

  take(entries: readonly NewEntry[]): void {
    for (const entry of entries) this.apply({ ...entry, seq: (this.seq += 1), hash: '' });
  }
}

function two(): Told {
  const told = new Told();
  for (const id of ['a', 'b']) told.take(told.joined(id, id, NOW));
  return told;
}

describe('members', () => {
  it('join once, and are struck off once', () => {
    const told = two();
    expect(told.joined('a', 'a', NOW)).toEqual([]);
    told.take(told.lost(['b'], 'a', NOW));
    expect(told.lost(['b'], 'a', NOW)).toEqual([]);
    expect(told.left('b', NOW)).toEqual([]);
    expect(models.map((model) => told.owner(model))).toEqual(models.map(() => 'a'));
    expect(told.departed()).toEqual(['b']);
  });

  it('keep a model only while it was theirs without a break', () => {
    const told = two();
    const epoch = told.epoch;
    const own = models.filter((model) => told.owner(model) === 'a');
    expect(own.length).toBeGreaterThan(0);
    told.take(told.lost(['a'], 'b', NOW));
    told.take(told.joined('a', 'a', NOW));
    // It is its own again, and was another's meanwhile.
    expect(own.every((model) => told.owner(model) === 'a')).toBe(true);
    expect(own.some((model) => told.kept(model, 'a', epoch))).toBe(false);
    expect(own.every((model) => told.kept(model, 'a', told.epoch))).toBe(true);
    const others = models.filter((model) => told.owner(model) === 'b');
    expect(others.every((model) => told.kept(model, 'b', epoch))).toBe(true);
  });
});

describe('a member that is silent', () => {
  const rows = [
    { id: 'a', ageMs: 100 },
    { id: 'b', ageMs: 7_000 },
  ];
  const watch = { self: 'a', leaseMs: 6_000, watchedMs: Infinity };

  it('is gone after the lease, and so is one that never reported', () => {
    expect(silentMembers(['a', 'b', 'c'], rows, watch)).toEqual(['b', 'c']);
  });

  it('is not held to be gone by one that could not read either', () => {
    expect(silentMembers(['a', 'b'], rows, { ...watch, watchedMs: 1_000 })).toEqual([]);
  });

  it('never strikes itself off', () => {
    expect(silentMembers(['b'], rows, { ...watch, self: 'b' })).toEqual([]);
  });
});
