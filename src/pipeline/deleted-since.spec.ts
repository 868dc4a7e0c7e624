import { expect, it } from 'vitest';
import type { Json } from '../domain/ledger-entry.js';
import { deletedOf } from './deleted-since.js';

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
  taken: Parameters<typeof deletedOf>[3] = { rows: 0, seq: null },
) => {
  const ledger = { read: async ({ actions = [] }: { readonly actions?: readonly string[] }) => Promise.resolve(entries.filter(({ action }) => actions.includes(action))) }; // prettier-ignore
  const to = new Date(Date.parse(from) + hours * 3_600_000);
  return (await deletedOf(ledger, { model: 'm', from: new Date(from), to }, missing, taken))?.why ?? null;
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

it('rows of which it is known that they were of the window are excused to the row, and days that know of windows excuse none', async () => {
  const marks = { '2026-11-20': 'ab' };
  const span = { rows: 5, days: { '2026-11-20': 5 }, marks };
  const ofWindows = entry('subject.erased', 9, { layout: 2, models: { m: span } });
  const whyOf = async (missing: number, rows: number, entries = [ofWindows]) => why(missing, entries, undefined, 1, { rows, seq: 9 });
  expect(await whyOf(2, 2)).toBe('2 rows are gone since; they were of people who were erased, as entry 9 says');
  expect(await whyOf(3, 2)).toBeNull();
  expect(await whyOf(1, 0)).toBeNull();
  // beside the erasure of an older release
  expect(await whyOf(3, 2, [ofWindows, erased(1)])).toContain('erased 1 of its days is, as entry 7 says');
  expect(await whyOf(4, 2, [ofWindows, erased(1)])).toBeNull();
  // over all windows of a day, all that went of it counts
  expect(await why(5, [ofWindows], undefined, 1, null)).not.toBeNull();
  expect(await why(6, [ofWindows], undefined, 1, null)).toBeNull();
}); // prettier-ignore
