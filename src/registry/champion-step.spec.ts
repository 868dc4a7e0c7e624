import { beforeEach, expect, it } from 'vitest';
import { Model, type ModelStage } from '../domain/model.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import { championStep, isSucceeded } from './champion-step.js';
import { Registry } from './registry.js';

const AT = new Date('2026-11-21T10:00:00Z');
const ADA = { type: 'key', id: 'ada' } as const;

let registry: Registry;
let seq: number;

function record(entries: readonly NewEntry[]): NewEntry['data'] | undefined {
  for (const entry of entries) registry.apply({ ...entry, seq: ++seq, hash: '' });
  return entries.at(-1)?.data;
}

const move = (version: string, stage: ModelStage, approval?: string) =>
  record(
    registry.stageChanged(
      { model: 'credit', version, stage, reason: 'spec', actor: ADA, ...(approval ? { approval } : {}) },
      AT,
    ),
  );
const step = (version: string) => championStep(registry.load('credit').versions, version);

beforeEach(() => {
  [registry, seq] = [new Registry(), 0];
  record(registry.register(Model.parse({ key: 'credit', task: 'regression' }), ADA, AT));
  for (const version of ['1', '2', '3'])
    record(
      registry.versionRegistered(
        { model: 'credit', version, stage: 'registered', reason: 'spec', actor: ADA },
        AT,
      ),
    );
});

it('the first champion of a model takes over from nobody, every later one does', () => {
  expect(step('1')).toBe('FIRST');
  expect(move('1', 'champion')).not.toHaveProperty('rollBack');
  expect([step('1'), step('2')]).toEqual(['IS', 'PROMOTION']);
  expect(move('2', 'champion', 'yes-1')).toMatchObject({ after: 'champion', approval: 'yes-1' });
  expect(step('3')).toBe('PROMOTION');
});

it('an earlier champion comes back at once and is recorded so; forth again is a promotion', () => {
  for (const version of ['1', '2', '3']) move(version, 'champion');
  expect([step('1'), step('2')]).toEqual(['ROLL_BACK', 'ROLL_BACK']);
  expect(move('2', 'champion')).toMatchObject({ version: '2', rollBack: true });
  expect([step('1'), step('3')]).toEqual(['ROLL_BACK', 'PROMOTION']);
});

it('neither a canary nor an empty place makes a champion of before', () => {
  move('1', 'champion');
  move('2', 'canary');
  move('2', 'challenger');
  expect(step('2')).toBe('PROMOTION');
  move('2', 'champion');
  move('1', 'champion');
  move('1', 'suspended');
  expect([step('1'), step('2'), step('3')]).toEqual(['ROLL_BACK', 'PROMOTION', 'PROMOTION']);
});

it('came after another where it first led later, and not where it came back or nobody chose it', () => {
  const succeeded = (version: string) => isSucceeded(registry.load('credit').versions, version);
  move('1', 'champion');
  expect([succeeded('1'), succeeded('unknown')]).toEqual([false, false]);
  move('2', 'champion');
  expect([succeeded('1'), succeeded('2')]).toEqual([true, false]);
  move('1', 'champion');
  expect([succeeded('2'), succeeded('3')]).toEqual([false, false]);
  record(registry.versionTookOver('credit', '3', 'its rows came', AT));
  expect(registry.load('credit').versions.find(({ version }) => version === '3')).toMatchObject({ stage: 'champion', declared: false });
  expect(succeeded('2')).toBe(false);
}); // prettier-ignore
