import { expect, it } from 'vitest';
import { SYSTEM, type NewEntry } from '../domain/ledger-entry.js';
import { Model } from '../domain/model.js';
import { Registry } from '../registry/registry.js';
import { modelsAt } from './as-recorded.js';

const DAY = '2026-11-20T00:00:00.000Z';

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
