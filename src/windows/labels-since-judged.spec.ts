import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { labelsSinceJudged } from './labels-since-judged.js';
import { WindowRepository } from './window.repository.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 5);
/** When minutes of the past were counted, and when some were counted anew. */
const [LONG_AGO, OF_LATE] = [START + 40 * DAY, START + 90 * DAY];
const [MODELS, MINUTES] = [40, 2_000];
let test: TestDatabase;

beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(async () => test.close());

const minute = (model: string, at: number, labelled: number, counted: number) => ({
  model,
  version: '1',
  minute: at / 1000,
  predictions: 30,
  labelled,
  correct: labelled,
  computed_at: new Date(counted),
});

it('finds windows whose labels were counted after they were judged, and passes over what was counted long ago', async () => {
  const { database } = test;
  const windows = new WindowRepository(database);
  const past = Array.from({ length: MODELS }, (_, m) =>
    Array.from({ length: MINUTES }, (_, i) => minute(`model-${m}`, START + i * 60_000, 20, LONG_AGO)),
  );
  await database.insert('performance_1m', past.flat());
  const judged = [START, START + HOUR].map((from) => ({ model: 'model-7', version: '1', from, to: from + HOUR, revision: 1, track: 'labels' as const, predictions: 1800,
    labelled: 1200, baseline: '', share: 0.001, watermark: from + HOUR, evaluatedAt: LONG_AGO, inputs: '', memory: '' })); // prettier-ignore
  await windows.save(judged);
  await database.insert('performance_1m', [minute('model-7', START + HOUR + 60_000, 25, OF_LATE)]);
  const streams = Array.from({ length: MODELS }, (_, m) => ({ model: `model-${m}`, version: '1', widthMs: HOUR })); // prettier-ignore
  const found = await labelsSinceJudged({ database, windows }, streams, OF_LATE - HOUR);
  expect(found).toEqual([{ model: 'model-7', version: '1', minutes: [(START + HOUR) / 1000] }]);
  const plan = await database.query<Record<string, string>>(
    'EXPLAIN indexes = 1 SELECT model FROM performance_1m WHERE computed_at >= fromUnixTimestamp64Milli({since:Int64}, \'UTC\')', { params: { since: OF_LATE - DAY } }); // prettier-ignore
  const granules = plan.map((line) => /Granules: (\d+)\/(\d+)/u.exec(Object.values(line).join('')));
  expect(granules.findLast((one) => one !== null)?.slice(1)).toEqual([
    '1',
    expect.stringMatching(/^\d\d+$/u),
  ]);
});
