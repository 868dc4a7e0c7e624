import { afterAll, beforeAll, expect, it } from 'vitest';
import { Model } from '../../src/domain/model.js';
import { readWrongRows } from '../../src/profiles/wrong-rows.js';
import { sqlMillisecond } from '../../src/store/sql-time.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

const AT = Date.UTC(2026, 2, 10);
const text = (at: number) => sqlMillisecond(new Date(at));
let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(async () => test.close());

const span = { version: '1', from: new Date(AT), to: new Date(AT + 3_600_000), most: 2 };
const WEB = { attribute: 'channel', value: 'web' };

/** Ten answers, a minute apart. */
async function answered(model: string, of: (i: number) => object, labelOf: (i: number) => object | null) {
  const place = { model, version: '1', environment: 'production' };
  const ids = Array.from({ length: 10 }, (_, i) => i);
  const row = (i: number) => ({ ...place, prediction_id: `p${i}`, ts: text(AT + i * 60_000), offset: i, ...of(i) });
  await test.database.insert('predictions', ids.map(row));
  const labels = ids.flatMap((i) => {
    const said = labelOf(i);
    return said ? [{ model, prediction_id: `p${i}`, labelled_at: text(AT), offset: i, ...said }] : [];
  });
  await test.database.insert('labels', labels);
} // prettier-ignore

it('answers that were wrong are the newest, with what was answered and what is true, of one part of the traffic or of all', async () => {
  const model = Model.parse({ key: 'loans', task: 'binary', positive: 'yes' });
  const segment = (i: number) => ({ channel: i % 2 === 0 ? 'web' : 'app' });
  // Wrong from the sixth on; a call that failed has no answer, and of the newest there is no label.
  await answered(model.key, (i) => ({ ...(i % 2 === 0 ? { score: 0.125 } : { label: 'no' }), segment: segment(i), status: i === 8 ? 'timeout' : '' }),
    (i) => (i === 9 ? null : { label: i < 5 ? 'no' : 'yes' })); // prettier-ignore
  expect(await readWrongRows(test.database, model, { ...span, segment: null })).toEqual([
    { predictionId: 'p7', at: AT + 7 * 60_000, value: '"no" where the label is "yes"' },
    { predictionId: 'p6', at: AT + 6 * 60_000, value: 'score 0.125 where the label is "yes"' },
  ]);
  expect(await readWrongRows(test.database, model, { ...span, segment: WEB })).toMatchObject([{ predictionId: 'p6' }]);
}); // prettier-ignore

it('answers of a regression are those furthest from the truth, however old', async () => {
  const model = Model.parse({ key: 'prices', task: 'regression' });
  await answered(model.key, () => ({ value: 10 }), (i) => ({ value: i === 3 ? 50 : 10 + i / 10 })); // prettier-ignore
  expect(await readWrongRows(test.database, model, { ...span, segment: null })).toEqual([
    { predictionId: 'p3', at: AT + 3 * 60_000, value: '10 where the label is 50' },
    { predictionId: 'p9', at: AT + 9 * 60_000, value: '10 where the label is 10.9' },
  ]);
});
