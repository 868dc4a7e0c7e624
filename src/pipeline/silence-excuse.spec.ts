import { describe, expect, it } from 'vitest';
import type { ModelStage } from '../domain/model.js';
import { replacement, silenceExcuse } from './silence-excuse.js';

const versions = (stages: Readonly<Record<string, ModelStage>>) =>
  Object.entries(stages).map(([version, stage]) => ({ version, stage }));

describe('silenceExcuse', () => {
  const cases: [string, Readonly<Record<string, ModelStage>>, string[], string | null][] = [
    ['nobody else has rows', { '1': 'registered' }, [], null],
    ['another version has', { '1': 'registered', '2': 'registered' }, ['2'], 'version 2 has taken over'],
    ['the newest of them is named', { '1': 'registered' }, ['3', '2'], 'version 3 has taken over'],
    ['a champion must be heard', { '1': 'champion', '2': 'canary' }, ['2'], null],
    ['a former champion need not', { '1': 'challenger', '2': 'champion' }, ['2'], 'version 2 has taken over'],
    ['a shadow replaces nobody', { '1': 'registered', '2': 'shadow' }, ['2'], null],
    ['nor does a challenger', { '1': 'registered', '2': 'challenger', '3': 'canary' }, ['2', '3'], 'version 3 has taken over'],
    ['it was sent to rest', { '1': 'retired' }, [], 'this version is retired'],
    ['or suspended', { '1': 'suspended' }, [], 'this version is suspended'],
  ]; // prettier-ignore
  for (const [name, stages, alive, excuse] of cases)
    it(name, () => expect(silenceExcuse('1', versions(stages), alive)).toBe(excuse));
});

it('a champion that nobody chose may be followed by a version that nobody announced', () => {
  const first = { version: '1', stage: 'champion', declared: false } as const;
  expect(silenceExcuse('1', [first, { version: '2', stage: 'registered', declared: false }], ['2'])).toBe(
    'version 2 has taken over',
  );
  expect(silenceExcuse('1', [first, { version: '0', stage: 'challenger', declared: false }], ['0'])).toBe(
    'version 0 has taken over',
  );
  expect(silenceExcuse('1', [first, { version: '2', stage: 'shadow', declared: true }], ['2'])).toBeNull();
});

describe('replacement', () => {
  const cases: [string, Readonly<Record<string, ModelStage>>, string[], string | null][] = [
    ['a later version has rows', { '1': 'registered', '2': 'registered' }, ['2'], 'version 2 has taken over'],
    ['none has', { '1': 'registered', '2': 'registered' }, [], null],
    ['it was sent to rest for good', { '1': 'retired' }, [], 'this version is retired'],
    ['one that is suspended may come back', { '1': 'suspended', '2': 'champion' }, ['2'], null],
    ['a champion is not replaced behind its back', { '1': 'champion', '2': 'canary' }, ['2'], null],
    ['a shadow replaces nobody', { '1': 'registered', '2': 'shadow' }, ['2'], null],
  ]; // prettier-ignore
  for (const [name, stages, later, reason] of cases)
    it(name, () => expect(replacement('1', versions(stages), later)).toBe(reason));
});
