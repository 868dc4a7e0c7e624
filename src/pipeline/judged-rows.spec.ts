import { expect, it } from 'vitest';
import {
  judgedRowsIn,
  judgedRowsJson,
  keptMarks,
  lookedAt,
  NO_MARKS,
  rowsChange,
  sealedRows,
  unsealedRows,
} from './judged-rows.js';
import type { RowsAsJudged, RowsNow } from './judged-rows.js';

const judged: RowsAsJudged = {
  rows: { count: 3, digest: 'a', arrived: 100, marks: null },
  labels: { count: 2, digest: 'l', arrived: 200, marks: null },
};
const NO_TEXT = { marks: '', marksBefore: '' };
const now = (
  rows: Partial<RowsNow['rows']>,
  labels: Partial<NonNullable<RowsNow['labels']>> = {},
): RowsNow => ({
  rows: { count: 3, digest: 'a', arrived: 100, before: { count: 3, digest: 'a' }, ...NO_TEXT, ...rows },
  labels: { count: 2, digest: 'l', arrived: 200, ...NO_TEXT, ...labels },
});

it.each([
  ['nothing', now({}), 'same'],
  ['an edited row', now({ digest: 'b', before: { count: 3, digest: 'b' } }), 'changed'],
  ['an edited row beside one that came', now({ count: 4, digest: 'c', arrived: 300, before: { count: 3, digest: 'b' } }), 'changed'],
  ['a late row', now({ count: 4, digest: 'c', arrived: 300 }), 'grown'],
  ['the same row once more', now({ arrived: 300, before: { count: 2, digest: 'd' } }), 'same'],
  ['a row that was sent again with something else', now({ digest: 'c', arrived: 300, before: { count: 2, digest: 'd' } }), 'replaced'],
  ['a person who was erased', now({ count: 2, digest: 'd', before: { count: 2, digest: 'd' } }), 'grown'],
  ['an edited label', now({}, { digest: 'm' }), 'changed'],
  ['a corrected label', now({}, { digest: 'm', arrived: 300 }), 'same'],
  ['a label more', now({}, { count: 3, digest: 'm', arrived: 300 }), 'same'],
])('%s', (_, found, change) => {
  expect(rowsChange(judged, found, NO_MARKS).kind).toBe(change);
}); // prettier-ignore

it('marks are read back where they are those that were recorded, and nowhere else', () => {
  const found = now({ marks: 'AAAA' }, { marks: 'BBBB' });
  const { judged: recorded, marks } = lookedAt(found);
  expect(marks).toBe('AAAA BBBB');
  expect(judgedRowsIn(judgedRowsJson(recorded))).toEqual(recorded);
  expect(keptMarks(recorded, marks)).toEqual({ rows: new Map(), labels: new Map() });
  expect(keptMarks(recorded, 'AAAC BBBB')).toEqual({ rows: null, labels: new Map() });
  expect(keptMarks(judged, marks)).toEqual(NO_MARKS);
});

it('is read back from the ledger, and from beside the window only with its code', () => {
  expect(judgedRowsIn(judgedRowsJson(judged))).toEqual(judged);
  expect(judgedRowsIn({ predictions: 3 })).toBeNull();
  const codes = { codeOfText: (purpose: string, text: string) => `${purpose.length}-${text.length}-${text}`.replaceAll(' ', '_') }; // prettier-ignore
  const place = { model: 'm', version: '1', from: 0, track: 'inputs', revision: 0 };
  const sealed = sealedRows(codes, place, judged);
  expect(unsealedRows(codes, place, sealed)).toEqual(judged);
  expect(unsealedRows(codes, { ...place, revision: 1 }, sealed)).toBeNull();
  expect(unsealedRows(codes, place, sealed.replace('"digest":"a"', '"digest":"b"'))).toBeNull();
  expect(unsealedRows(codes, place, '')).toBeNull();
  expect(sealedRows({ codeOfText: () => '' }, place, judged)).toBe('');
});
