import { expect, it } from 'vitest';
import type { Json } from '../domain/ledger-entry.js';
import { changesLines, RecordedChanges } from './recorded-changes.js';

const PLACE = { model: 'm', version: '1', track: 'inputs' };
const windows = (...hours: readonly number[]): Json => hours.map((hour) => ({ from: `2026-11-20T0${hour}:00:00.000Z`, digest: 'd' })); // prettier-ignore

it('counts judged windows that are recorded as changed, and those that somebody looked into', () => {
  const changes = new RecordedChanges();
  const apply = (seq: number, action: string, data: { readonly [key: string]: Json }) =>
    changes.apply({ seq, action, data });
  expect(changesLines(changes.count)).toEqual([]);
  apply(3, 'window.evaluated', { ...PLACE, windows: windows(1) });
  apply(4, 'window.rows_changed', { ...PLACE, windows: windows(1, 2) });
  apply(5, 'window.results_changed', { ...PLACE, windows: windows(1) });
  apply(6, 'window.rows_changed', { ...PLACE, windows: windows(2) });
  expect(changes.count).toEqual({ recorded: 3, reviewed: 0 });
  apply(7, 'window.changes_reviewed', { upTo: 5, note: 'looked into', windows: 3 });
  expect(changes.count).toEqual({ recorded: 3, reviewed: 2 });
  apply(8, 'window.changes_reviewed', { ...PLACE, what: 'results', windows: windows(1) });
  expect(changes.count).toEqual({ recorded: 2, reviewed: 1 });
  expect(changesLines(changes.count)).toEqual([
    '2 judged windows are recorded as changed in the store (1 looked into): tidewatch audit changes lists them',
  ]);
});
