import { expect, it } from 'vitest';
import { knownStage } from './known-stage.js';
import { versionPlace } from './version-place.js';

it('is what a version is, and registered where nobody has heard of it or of its model', () => {
  const versions = [
    { version: '1', stage: 'retired' },
    { version: '2', stage: 'champion' },
  ] as const;
  expect(knownStage(versions, '2')).toBe('champion');
  expect(knownStage(versions, '3')).toBe('registered');
  expect(knownStage(undefined, '1')).toBe('registered');
});

it('tells versions of models apart whose keys run into one another', () => {
  expect(versionPlace('a', 'b1')).not.toBe(versionPlace('ab', '1'));
});
