import { expect, it } from 'vitest';
import { EMPTY_PROFILE } from '../profiles/profile-row.js';
import { inputsDigest, type WindowInputs } from './window-inputs.js';

const INPUTS: WindowInputs = {
  track: 'inputs',
  profile: EMPTY_PROFILE,
  rules: [],
  baseline: 'b-1',
  share: 0.5,
  excuse: null,
  isHistory: false,
  memory: 'm-1',
};

it('is of what a judgement depends on, in any order, and of nothing beside it', () => {
  const digest = inputsDigest(INPUTS);
  const turned = Object.fromEntries(Object.entries(INPUTS).toReversed()) as unknown as WindowInputs;
  expect(inputsDigest(turned)).toBe(digest);
  const more: WindowInputs & { readonly seenAt: number } = { ...INPUTS, seenAt: 1 };
  expect(inputsDigest(more)).toBe(digest);
  const others: readonly Partial<WindowInputs>[] = [
    { track: 'labels' },
    { baseline: 'b-2' },
    { share: 0.25 },
    { excuse: 'learning' },
    { memory: 'm-2' },
    { profile: { ...EMPTY_PROFILE, predictions: 1 } },
  ];
  const all = others.map((other) => inputsDigest({ ...INPUTS, ...other }));
  expect(new Set([digest, ...all]).size).toBe(others.length + 1);
});

it('is the digest that entries of earlier versions hold', () => {
  expect(inputsDigest(INPUTS)).toBe('6840ede824f42d94642464d00b843a96');
});
