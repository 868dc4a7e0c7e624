import { afterAll, beforeAll, expect, it } from 'vitest';
import { behindText, readSources } from '../../src/profiles/label-sources.js';
import { sqlMillisecond } from '../../src/store/sql-time.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

const HOUR = 3_600_000;
const AT = Date.UTC(2026, 2, 10);
const text = (at: number) => sqlMillisecond(new Date(at));
let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(async () => test.close());

it('which sources labelled the predictions of a stretch, and those before it, each once and of all or of one in so many', async () => {
  const place = { model: 'm', version: '1', environment: 'production' };
  const rows = Array.from({ length: 600 }, (_, i) => ({ ...place, prediction_id: `p${i}`, ts: text(AT + (i - 400) * 60_000), offset: i }));
  await test.database.insert('predictions', rows);
  const source = (i: number) => (i % 4 === 0 ? 'core' : 'bureau');
  const labels = rows.flatMap(({ prediction_id }, i) =>
    i < 400 || source(i) === 'core' ? [{ model: 'm', prediction_id, source: source(i), label: 'yes', labelled_at: text(AT), offset: i }] : [],
  );
  await test.database.insert('labels', [...labels, { ...labels[0], label: 'no', labelled_at: text(AT + HOUR), offset: 999 }, { ...labels[1], model: 'other' }]);
  const stretch = { model: 'm', version: '1', from: AT, to: AT + 4 * HOUR };
  const found = await readSources(test.database, { ...stretch, predictions: 200 });
  expect(found).toEqual({ late: 200, usual: 400, sources: [{ source: 'bureau', late: 0, usual: 300 }, { source: 'core', late: 50, usual: 100 }] });
  expect(behindText(found)).toBe('missing from "bureau" (0 % have one of it, 75 % had); as usual from "core"');
  const chosen = await readSources(test.database, { ...stretch, predictions: 20_000 });
  expect(chosen.usual).toBeLessThan(200);
  expect(chosen.sources.map((one) => one.source)).toEqual(['bureau', 'core']);
}); // prettier-ignore
