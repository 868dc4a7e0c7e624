import { describe, expect, it } from 'vitest';
import { rowEvents } from './row-events.js';

const RULES = { model: 'credit-default', timestamp: undefined, file: 'scored.csv', wire: null };

describe('rowEvents', () => {
  it('makes a prediction and its label of one row; names are text, nulls of features stay', () => {
    const row = {
      prediction_id: 7,
      model_version: 3,
      ts: '2026-11-20 10:00:00.250',
      age: null,
      region: 'north',
      prediction_label: 'good',
      prediction_score: 0.8,
      actual_label: 'bad',
    };
    const [prediction, label] = rowEvents(row, 1, RULES);
    expect(JSON.parse(JSON.stringify(prediction))).toEqual({
      type: 'prediction',
      prediction_id: '7',
      model: 'credit-default',
      model_version: '3',
      ts: '2026-11-20T10:00:00.250Z',
      features: { age: null, region: 'north' },
      prediction: { label: 'good', score: 0.8 },
    });
    expect(label).toMatchObject({
      type: 'label',
      prediction_id: '7',
      ts: '2026-11-20T10:00:00.250Z',
      label: 'bad',
    });
  });

  it('names rows without an id by their place, and reads epochs in seconds and milliseconds', () => {
    const at = (ts: number) => rowEvents({ ts, prediction_value: 1.5 }, 4, RULES)[0];
    expect(at(1_700_000_000)).toMatchObject({ prediction_id: 'scored.csv#4', ts: 1_700_000_000_000 });
    expect(at(1_700_000_000_000)).toMatchObject({ ts: 1_700_000_000_000 });
  });

  it('takes columns that are the fields of an event as they are, a dot for an object', () => {
    const row = {
      prediction_id: 'p1',
      ts: '2026-11-20 10:00:00',
      'features.age': null,
      'features.income': 5.5,
      'prediction.value': 7,
      'segment.channel': null,
    };
    expect(rowEvents(row, 1, RULES)).toEqual([
      {
        type: 'prediction',
        prediction_id: 'p1',
        model: 'credit-default',
        ts: '2026-11-20T10:00:00Z',
        features: { age: null, income: 5.5 },
        prediction: { value: 7 },
      },
    ]);
  });

  it('leaves rows of an inference table alone, and any others that are said to be foreign', () => {
    const call = { databricks_request_id: 'r1', request: '{}', response: '{}' };
    expect(rowEvents(call, 1, RULES)).toEqual([call]);
    const record = { loan: 'a', age: 4, predicted: 1 };
    expect(rowEvents(record, 1, { ...RULES, wire: 'record' })).toEqual([record]);
    expect(rowEvents(record, 1, RULES)).toEqual([]);
  });

  it('makes nothing of a row that neither predicts nor tells the truth', () => {
    expect(rowEvents({ ts: 1_700_000_000, age: 4, actual_label: null }, 1, RULES)).toEqual([]);
  });
});
