import { expect, it } from 'vitest';
import { decideTakeOver, type Candidate } from './take-over.js';

const first = { version: '1', stage: 'champion', declared: false, firstSeenAt: new Date(0), championed: { first: 1, last: 1 } } as const; // prettier-ignore
const second = { ...first, version: '2', stage: 'registered', championed: null } as const;
const shares = (...windows: readonly (readonly [number, number])[]): Candidate => ({
  version: '2',
  windows: windows.map(([one, two]) => new Map([['1', one], ['2', two]])),
}); // prettier-ignore

it('a version takes over when it answers nearly everything for two windows', () => {
  const found = { version: '2', reason: 'it answers what version 1 answered before' };
  expect(decideTakeOver([first, second], [shares([0, 100], [0, 90])])).toEqual(found);
  expect(decideTakeOver([first, second], [shares([10, 90], [20, 80])])).toEqual(found);
});

it('and not beside another, in one window, or where the other is not known yet', () => {
  for (const windows of [[[100, 100], [100, 100]], [[0, 100]], [[50, 50], [0, 100]], [[Infinity, 100], [0, 100]]] as const)
    expect(decideTakeOver([first, second], [shares(...windows)])).toBeNull(); // prettier-ignore
});

it('nobody takes the place of a champion that somebody chose', () => {
  const chosen = { ...first, declared: true };
  expect(decideTakeOver([chosen, second], [shares([0, 100], [0, 100])])).toBeNull();
});

it('where nobody answers, who has the most rows does', () => {
  const waiting = { ...first, stage: 'registered' } as const;
  const other: Candidate = { version: '1', windows: [new Map([['1', 40], ['2', 60]])] }; // prettier-ignore
  expect(decideTakeOver([waiting, second], [other, shares([40, 60])])?.version).toBe('2');
  expect(decideTakeOver([{ ...second, declared: true }], [])).toBeNull();
});

it('a canary or a challenger that was announced is nobody who answers: whoever sends rows beside it does', () => {
  for (const stage of ['canary', 'challenger'] as const) {
    const announced = { ...second, version: '9', stage, declared: true, firstSeenAt: null };
    const sent = { ...announced, firstSeenAt: new Date(1) };
    for (const beside of [announced, sent])
      expect(decideTakeOver([beside, second], [shares([0, 60])])?.version).toBe('2');
    // Who was put aside leaves its place to one that a person put there, once that one sends rows.
    const aside = { ...first, stage: 'retired', declared: true } as const;
    expect(decideTakeOver([aside, announced, second], [shares([0, 60])])?.version).toBe('2');
    expect(decideTakeOver([aside, sent, second], [shares([0, 60])])).toBeNull();
  }
});
