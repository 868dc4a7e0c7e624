import { expect, it } from 'vitest';
import { Model, type ModelFile } from './model.js';
import { floorProblems, keptFor } from './record-class.js';

const DAY = 86_400_000;
const KEEP = { events: 400 * DAY, summaries: 400 * DAY, results: 800 * DAY, states: 90 * DAY };
const FLOORS = { all: DAY, high: 184 * DAY };
const model = (keep: ModelFile['keep'], level: 'low' | 'high') =>
  Model.parse({ key: 'm', task: 'regression', keep, risk: { impact: level, frequency: level } });

it('G-17: records of a model of high risk are kept for six months at least, and a file that says less is refused', () => {
  expect(floorProblems(model({ events: '30d' }, 'high'), KEEP, FLOORS)).toEqual([
    'keep.events: 30d is less than the 184d that records of a model of high risk are kept (TIDEWATCH_KEEP_HIGH_AT_LEAST): write 184d or more, or leave it out',
  ]);
  expect(floorProblems(model({ events: '30d' }, 'low'), KEEP, FLOORS)).toEqual([]);
  expect(floorProblems(model({ summaries: '30d' }, 'high'), KEEP, FLOORS)).toEqual([]);
  expect(floorProblems(model({ events: '184d', results: '184d' }, 'high'), KEEP, FLOORS)).toEqual([]);
});

it('G-17: so is a setting of the service that says less', () => {
  const short = { ...KEEP, results: 90 * DAY };
  expect(floorProblems(model({}, 'high'), short, FLOORS)).toEqual([
    'TIDEWATCH_KEEP_RESULTS: 90d is less than the 184d that records of a model of high risk are kept (TIDEWATCH_KEEP_HIGH_AT_LEAST): raise it, or write keep: { results: 184d } in the model file',
  ]);
  const floors = { ...FLOORS, all: 100 * DAY };
  expect(floorProblems(model({}, 'low'), short, floors)).toHaveLength(2);
});

it('says of each class for how long, by what, and the least', () => {
  expect(keptFor(model({ events: '200d' }, 'high'), KEEP, FLOORS)).toEqual([
    { dataClass: 'events', ms: 200 * DAY, isOwn: true, floorMs: 184 * DAY },
    { dataClass: 'summaries', ms: 400 * DAY, isOwn: false, floorMs: DAY },
    { dataClass: 'results', ms: 800 * DAY, isOwn: false, floorMs: 184 * DAY },
    { dataClass: 'states', ms: 90 * DAY, isOwn: false, floorMs: DAY },
  ]);
});
