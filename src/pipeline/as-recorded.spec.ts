import { expect, it } from 'vitest';
import type { Json } from '../domain/ledger-entry.js';
import { deletedOf } from './as-recorded.js';

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
) => {
  const ledger = { read: async ({ actions = [] }: { readonly actions?: readonly string[] }) => Promise.resolve(entries.filter(({ action }) => actions.includes(action))) }; // prettier-ignore
  return deletedOf(ledger, { model: 'm', from: new Date(from) }, missing);
};

it('rows of a person who was erased account for no more rows than were erased, and for no edited one', async () => {
  expect(await why(3, [erased(5)])).toBe(
    '3 rows are gone since; of people who were erased 5 of the days around it are, as entry 7 says',
  );
  expect(await why(5, [erased(2), erased(3)])).not.toBeNull();
  expect(await why(6, [erased(5)])).toBeNull();
  expect(await why(0, [erased(5)])).toBeNull();
  expect(await why(3, [erased(5, 'other')])).toBeNull();
  expect(await why(3, [erased(5)], '2026-11-23T09:00:00Z')).toBeNull();
});
