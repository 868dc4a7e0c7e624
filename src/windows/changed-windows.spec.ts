import { expect, it } from 'vitest';
import type { Json, LedgerEntry } from '../domain/ledger-entry.js';
import { ChangedWindows } from './changed-windows.js';
import { writtenText } from './written-text.js';

const PLACE = { model: 'm', version: '1', track: 'inputs' };
const from = (hour: number) => `2026-11-20T0${hour}:00:00.000Z`;
const entry = (seq: number, action: string, data: { readonly [key: string]: Json }): LedgerEntry => ({
  seq,
  action,
  data,
  hash: '',
  at: new Date(0),
  actor: { type: 'system', id: 'tidewatch' },
  subject: { type: 'model_version', id: 'm@1' },
});
const windows = (...hours: readonly number[]) =>
  hours.map((hour) => ({ from: from(hour), digest: `d${hour}` }));

it('knows what nobody looked into, and what was found as it was judged since', () => {
  const changed = new ChangedWindows();
  const open = () => changed.open.map(({ from: at, what, seq }) => [at, what, seq]);
  changed.apply(entry(5, 'window.rows_changed', { ...PLACE, windows: windows(1, 2) }));
  changed.apply(entry(6, 'window.results_changed', { ...PLACE, windows: windows(1) }));
  changed.apply(entry(7, 'window.rows_replaced', { ...PLACE, windows: windows(3) }));
  expect(open()).toEqual([[from(1), 'rows', 5], [from(2), 'rows', 5], [from(1), 'results', 6]]); // prettier-ignore
  expect(changed.has({ ...PLACE, from: from(3), digest: 'd3' })).toBe(true);

  changed.apply(
    entry(8, 'window.changes_reviewed', { ...PLACE, what: 'rows', windows: [{ from: from(1) }] }),
  );
  expect(open()).toEqual([[from(2), 'rows', 5], [from(1), 'results', 6]]); // prettier-ignore
  // What was changed in the same way again is told again, and excuses nothing meanwhile.
  expect(changed.has({ ...PLACE, from: from(1), digest: 'd1' })).toBe(false);
  expect(changed.isWritten({ ...PLACE, from: from(1) })).toBe(true);

  changed.apply(entry(9, 'window.changes_reviewed', { upTo: 6, note: 'looked into' }));
  expect(open()).toEqual([]);
  changed.apply(entry(10, 'window.rows_changed', { ...PLACE, windows: windows(1) }));
  expect(open()).toEqual([[from(1), 'rows', 10]]);
});

it('knows when and by how many rows, and who looked into them why', () => {
  const changed = new ChangedWindows();
  const counts = (rows: number, labels: number, digest: string) => ({ rows: { count: rows, digest: 'a' }, labelRows: { count: labels, digest } }); // prettier-ignore
  const window = { from: from(1), digest: 'd', judged: counts(30, 28, 'b'), found: counts(30, 27, 'c') };
  changed.apply(entry(5, 'window.rows_changed', { ...PLACE, track: 'labels', windows: [window] }));
  changed.apply(entry(6, 'window.results_changed', { ...PLACE, windows: [{ from: from(2), digest: 'gone' }] })); // prettier-ignore
  const found = changed.open.map(({ foundAt, rows, found: said }) => [foundAt.getTime(), rows, said]);
  expect(found).toEqual([[0, { judged: 28, found: 27, erased: 0 }, 'd'], [0, null, 'gone']]); // prettier-ignore
  changed.apply(entry(7, 'window.changes_reviewed', { upTo: 6, note: 'a restored back-up', windows: 2 }));
  expect(changed.reviews).toEqual([
    {
      seq: 7,
      at: new Date(0),
      actor: entry(7, '', {}).actor,
      note: 'a restored back-up',
      windows: 2,
      upTo: 6,
    },
  ]);
  // Looked into is not undone: until it is as it was judged it stays known.
  expect(changed.open).toEqual([]);
  expect(changed.all.map(({ window: { seq }, review }) => [seq, review?.seq])).toEqual([[5, 7], [6, 7]]); // prettier-ignore
  expect(changed.of({ ...PLACE, from: from(2) })).toMatchObject({ window: { seq: 6 }, review: { seq: 7 } });
  changed.apply(
    entry(8, 'window.changes_reviewed', { ...PLACE, what: 'results', windows: [{ from: from(2) }] }),
  );
  expect(changed.of({ ...PLACE, from: from(2) })).toBeNull();
  expect(changed.all.map(({ window: { seq } }) => seq)).toEqual([5]);
});

it('knows what went with people who were erased since, which is nothing new, and says so in words', () => {
  const changed = new ChangedWindows();
  const counts = (count: number, digest: string) => ({ rows: { count, digest } });
  const window = { from: from(1), digest: 'd', judged: counts(40, 'a'), found: counts(40, 'b') };
  changed.apply(entry(5, 'window.rows_changed', { ...PLACE, windows: [window] }));
  const part = { ...PLACE, from: from(1) };
  const text = () => changed.open.map((one) => writtenText(one));
  expect(text()).toEqual(['40 when it was judged, 40 when it was looked at, and they are not those']);
  expect(changed.isErasedSince(part, { rows: 39, erased: 1 })).toBe(true);
  // One more is gone than was erased, or one came; and what nobody erased is as it was.
  for (const left of [{ rows: 38, erased: 1 }, { rows: 40, erased: 1 }, { rows: 40, erased: 0 }]) expect(changed.isErasedSince(part, left)).toBe(false); // prettier-ignore
  expect(changed.isErasedSince({ ...PLACE, from: from(2) }, { rows: 39, erased: 1 })).toBe(false);

  const more = { ...window, digest: 'e', found: counts(38, 'c'), erased: 1 };
  changed.apply(entry(6, 'window.rows_changed', { ...PLACE, windows: [more] }));
  expect(text()).toEqual(['40 when it was judged, 38 when it was looked at, 1 went with people who were erased']); // prettier-ignore
  expect(changed.isErasedSince(part, { rows: 37, erased: 2 })).toBe(true);
  changed.apply(
    entry(7, 'window.changes_reviewed', { ...PLACE, what: 'rows', windows: [{ from: from(1) }] }),
  );
  expect(changed.isErasedSince(part, { rows: 37, erased: 2 })).toBe(false);
});
