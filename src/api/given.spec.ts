import { describe, expect, it } from 'vitest';
import { given } from './given.js';

describe('given', () => {
  it('takes null for left out, and keeps what is empty or false', () => {
    const filter: { model?: string | null; states?: readonly string[] | null; replayed?: boolean | null } = {
      model: null,
      states: [],
      replayed: false,
    };
    expect(given(filter)).toEqual({ states: [], replayed: false });
    expect(given(null)).toEqual({});
    expect(given(undefined)).toEqual({});
  });
});
