import { afterAll, beforeAll, expect, it } from 'vitest';
import { readHeatCells, readWindowPoints, shownPart } from '../../src/web/model.reads.js';
import { openTestDatabase } from '../support/database.js';

const START = Date.UTC(2026, 2, 2) / 1000;
const HOUR = 3600;
const PLACE = { model: 'm', version: '1', since: new Date(START * 1000) };
const opened = openTestDatabase();

/** A result of window `hour`. */
const result = (hour: number, revision: number, more: Readonly<Record<string, unknown>>) => ({
  model: 'm', version: '1', window_from: START + hour * HOUR, window_to: START + (hour + 1) * HOUR, revision, check: 'feature_drift', feature: 'x', statistic: 'location',
  value: 1, n: 1, state: 'OK', evidence: 0, effect: 0, since: null, explanation: '', segment: '', evaluated_at: START + hour * HOUR + revision, ...more,
}); // prettier-ignore
const window = (hour: number, revision: number) => ({
  model: 'm', version: '1', window_from: START + hour * HOUR, window_to: START + (hour + 1) * HOUR, revision, track: 'inputs', predictions: 1, labelled: 0,
  evaluated_at: START + hour * HOUR + revision,
}); // prettier-ignore

beforeAll(async () => {
  const { database } = await opened;
  await database.insert('windows', [window(0, 0), window(0, 1), window(1, 0)]);
  await database.insert('check_results', [
    result(0, 0, { state: 'ALERT', evidence: 9 }),
    result(0, 1, { state: 'NOTICE', evidence: 0.5 }),
    result(0, 0, { statistic: 'scale', state: 'OK', evidence: 0.75 }),
    result(1, 0, { state: 'OK' }),
    result(1, 0, { check: 'null_rate', statistic: 'rate', state: 'ALERT', evidence: 2 }),
    result(1, 0, { feature: 'y', state: 'LEARNING', evidence: null }),
    result(1, 0, { feature: 'group a', check: 'fairness', state: 'ALERT' }),
    result(1, 0, { version: '2', state: 'ALERT' }),
  ]);
});
afterAll(async () => (await opened).close());

it('is the loudest that the newest judgement of a window says of each feature', async () => {
  const { database } = await opened;
  const shown = await shownPart(database, PLACE);
  expect(shown).toEqual({ ...PLACE, rejudged: [START] });
  const cells = await readHeatCells(database, shown);
  expect(cells).toEqual([
    { feature: 'x', from: START * 1000, state: 'NOTICE' },
    { feature: 'x', from: (START + HOUR) * 1000, state: 'ALERT' },
    { feature: 'y', from: (START + HOUR) * 1000, state: 'LEARNING' },
  ]);
});

it('takes the largest evidence of a window from the newest judgement of every series', async () => {
  const { database } = await opened;
  const points = await readWindowPoints(database, await shownPart(database, PLACE));
  expect(points.map(({ evidence }) => evidence)).toEqual([0.75, 2]);
  const ofOthers = await shownPart(database, { ...PLACE, version: '2' });
  expect(ofOthers.rejudged).toEqual([]);
  expect(await readHeatCells(database, ofOthers)).toEqual([]);
});

it('reads windows that were judged once as they are', async () => {
  const { database } = await opened;
  const shown = await shownPart(database, { ...PLACE, since: new Date((START + HOUR) * 1000) });
  expect(shown.rejudged).toEqual([]);
  expect(await readHeatCells(database, shown)).toEqual([
    { feature: 'x', from: (START + HOUR) * 1000, state: 'ALERT' },
    { feature: 'y', from: (START + HOUR) * 1000, state: 'LEARNING' },
  ]);
});
