import { expect, it } from 'vitest';
import type { TypedRow } from '../tables/read-rows.js';
import { RowEvents } from './row-events.js';

const ROW: TypedRow = {
  number: 4, nested: false, id: null, model: null, version: '3', environment: null, subject: null, status: null, latency: undefined,
  ts: 1_700_000_000_000, time: '1700000000', labelTs: null, values: [null, 'north', 2 ** 64, undefined],
  label: 'good', score: 0.8, value: undefined, scores: null, actual: 'bad', protected: [['sex', 'F']], segment: [],
}; // prettier-ignore
const events = new RowEvents(
  { features: ['age', 'region', 'hash', '__proto__'] },
  { model: 'credit-default', file: 'scored.csv' },
);
const read = (row: Partial<TypedRow>): unknown[] =>
  events.of({ ...ROW, ...row }).map((event) => JSON.parse(event.toString()) as unknown);

it('makes a prediction and its label of one row; nulls of features stay, what a row does not have is left out', () => {
  const ids = { prediction_id: 'scored.csv#4', model: 'credit-default', ts: 1_700_000_000_000 };
  expect(read({})).toEqual([
    {
      type: 'prediction',
      ...ids,
      model_version: '3',
      features: { age: null, region: 'north', hash: 2 ** 64 },
      prediction: { label: 'good', score: 0.8 },
      protected: { sex: 'F' },
    },
    { type: 'label', ...ids, label: 'bad' },
  ]);
  expect(events.of(ROW)[0]?.toString()).toContain('"hash":1.8446744073709552e+19');
});

it('leaves a time that is none to the service, which refuses this row', () => {
  expect(read({ ts: null, time: 'yesterday', actual: null })).toMatchObject([{ ts: 'yesterday' }]);
});

it('makes a prediction without an answer of a call that failed', () => {
  const failed = { label: null, score: undefined, actual: null, status: 'timeout', latency: 3000 };
  const [event] = read(failed);
  expect(event).toMatchObject({ type: 'prediction', status: 'timeout', latency_ms: 3000 });
  expect(event).not.toHaveProperty('prediction');
});

it('makes nothing of a row that neither predicts nor tells the truth', () => {
  expect(read({ label: null, score: undefined, actual: null })).toEqual([]);
});
