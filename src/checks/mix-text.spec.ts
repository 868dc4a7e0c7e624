import { describe, expect, it } from 'vitest';
import type { CategoricalProfile } from '../domain/profile.js';
import { mixText } from './mix-text.js';

function profile(counts: readonly number[], rest: Partial<CategoricalProfile> = {}): CategoricalProfile {
  const { other = 0, fresh = 0 } = rest;
  const n = counts.reduce((sum, one) => sum + one, other + fresh);
  return { kind: 'categorical', rows: n, n, nulls: 0, missing: 0, mistyped: 0, counts, other, fresh };
}

describe('mixText', () => {
  const usual = profile([60, 12, 28]);
  const names = ['branch', 'web', 'phone'];

  it('names the categories that moved most, each from where to where', () => {
    expect(mixText(usual, profile([41, 30, 29]), names)).toBe('"branch" make up 41 %, 60 % before; "web" 30 %, 12 % before'); // prettier-ignore
  });

  it('names what has no count of its own', () => {
    expect(mixText(usual, profile([30, 6, 14], { fresh: 50 }), names)).toMatch(
      /^categories never seen before make up 50 %, 0 % before; /u,
    );
  });

  it('says nothing of what has no values', () => {
    expect(mixText(usual, profile([0, 0, 0]), names)).toBeNull();
    expect(mixText(undefined, usual, names)).toBeNull();
  });
});
