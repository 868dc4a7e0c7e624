import { expect, it } from 'vitest';
import { SYSTEM, type Json, type NewEntry } from '../domain/ledger-entry.js';
import { Model } from '../domain/model.js';
import { Registry } from '../registry/registry.js';
import { deletedOf, modelsAt } from './as-recorded.js';

const DAY = '2026-11-20T00:00:00.000Z';
const entry = (action: string, seq: number, data: { readonly [key: string]: Json }) => ({
  seq, action, data, at: new Date(DAY), actor: { type: 'system', id: 'tidewatch' }, subject: { type: 'model', id: 'm' }, hash: '',
}) as const; // prettier-ignore
const erased = (rows: number, model = 'm') =>
  entry('subject.erased', 7, { models: { [model]: { rows, from: DAY, to: '2026-11-21T00:00:00.000Z' } } });
const why = async (
  missing: number,
  entries: readonly ReturnType<typeof entry>[],
  from = '2026-11-20T09:00:00Z',
  hours = 1,
) => {
  const ledger = { read: async ({ actions = [] }: { readonly actions?: readonly string[] }) => Promise.resolve(entries.filter(({ action }) => actions.includes(action))) }; // prettier-ignore
  const to = new Date(Date.parse(from) + hours * 3_600_000);
  return (await deletedOf(ledger, { model: 'm', from: new Date(from), to }, missing))?.why ?? null;
};

it('rows of a person who was erased account for no more rows than were erased, and for no edited one', async () => {
  expect(await why(3, [erased(5)])).toBe(
    '3 rows are gone since; of people who were erased 5 of its days are, as entry 7 says',
  );
  expect(await why(5, [erased(2), erased(3)])).not.toBeNull();
  expect(await why(6, [erased(5)])).toBeNull();
  expect(await why(0, [erased(5)])).toBeNull();
  expect(await why(3, [erased(5, 'other')])).toBeNull();
  expect(await why(3, [erased(5)], '2026-11-23T09:00:00Z')).toBeNull();
});

it('an erasure accounts for no more rows of a window than it took of the days of the window', async () => {
  const span = { rows: 51, from: '2026-11-01T00:00:00.000Z', to: '2026-11-27T00:00:00.000Z' };
  const days = { '2026-11-20': 2, '2026-11-21': 1, '2026-11-25': 48 };
  const counted = [entry('subject.erased', 7, { models: { m: { ...span, days } } })];
  expect(await why(2, counted)).toContain('erased 2 of its days are, as entry 7 says');
  expect(await why(3, counted)).toBeNull();
  expect(await why(3, counted, '2026-11-20T23:00:00Z', 2)).not.toBeNull();
  expect(await why(1, counted, '2026-11-22T09:00:00Z')).toBeNull();
  expect(await why(1, counted, '2026-11-19T23:00:00Z')).toBeNull();
  // of an entry from before days were counted nothing closer is known
  expect(await why(30, [entry('subject.erased', 7, { models: { m: span } })])).not.toBeNull();
});

it('a pass that had begun before labels taught a reference something judged with what was known before', async () => {
  const at = new Date(DAY);
  const registry = new Registry();
  const log: (NewEntry & { seq: number; hash: string })[] = [];
  const record = (entries: readonly NewEntry[]) => {
    for (const one of entries) {
      const stored = { ...one, seq: log.length + 1, hash: '' };
      log.push(stored);
      registry.apply(stored);
    }
  };
  record(registry.register(Model.parse({ key: 'm', task: 'binary', positive: '1' }), SYSTEM, at));
  record(registry.baselinePinned({ model: 'm', id: 'b', fingerprint: 'f', rows: 10, source: null, actor: SYSTEM }, at));
  const learnt = { fingerprint: 'g', labelled: 9, since: new Date(0), until: at };
  const known = async (seq: number) => {
    const ledger = { read: async ({ before = Infinity }: { readonly before?: number }) => Promise.resolve(log.filter((one) => one.seq < before)) };
    return (await modelsAt(ledger, 'm', seq)).map(({ baseline, calibrations }) => [baseline?.labels?.id ?? null, calibrations.size]);
  };
  expect(await known(10)).toEqual([[null, 0]]);
  record(registry.calibrationLearnt('m', '2', { ...learnt, id: 'c', baseline: 'b' }, at));
  record(registry.labelsLearnt('m', 'b', { ...learnt, id: 'l' }, at));
  expect(await known(10)).toEqual([['l', 1], [null, 1], [null, 0]]); // prettier-ignore
  // an entry that stands before them was judged with neither
  expect(await known(3)).toEqual([[null, 0]]);
}); // prettier-ignore
