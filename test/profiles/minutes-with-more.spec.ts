import { afterAll, beforeAll, expect, it } from 'vitest';
import { minutesWithMore } from '../../src/profiles/minutes-with-more.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

const START = Date.UTC(2026, 2, 2) / 1000;
let db: TestDatabase;
beforeAll(async () => void (db = await openTestDatabase()));
afterAll(async () => db.close());

const minute = (i: number) => START + 60 * i;
const asked = (model: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({ model, version: '1', environment: '', minute: minute(i) }));

/** One row in every minute, summed as one; minutes with a label the sum does not know, and with a row more, of each model. */
async function stored(model: string, count: number, more: { readonly label: number; readonly row: number }) {
  const place = `'${model}' AS model, '1' AS version`;
  const at = (expression: string) => `toDateTime(${START} + 60 * ${expression}, 'UTC')`;
  await db.database.command(
    `INSERT INTO predictions (model, version, prediction_id, ts, label, topic) SELECT ${place}, concat('${model}', toString(number)), ${at('number')}, 'x', 't' FROM numbers(${count})`,
  );
  await db.database.command(
    `INSERT INTO performance_1m (model, version, minute, predictions, computed_at) SELECT ${place}, ${at('number')}, 1, now64(6) FROM numbers(${count})`,
  );
  await db.database.command(
    `INSERT INTO predictions (model, version, prediction_id, ts, label, topic) SELECT ${place}, '${model} again', ${at(String(more.row))}, 'x', 't'`,
  );
  await db.database.command(
    `INSERT INTO labels (model, prediction_id, source, label, labelled_at) SELECT '${model}', '${model}${more.label}', 's', 'x', ${at(String(count))}`,
  );
}

it('of few minutes, and of more than can be named in one statement, those are found that hold more than was summed', async () => {
  await stored('a', 4_000, { label: 700, row: 3_100 });
  await stored('b', 4_000, { label: 10, row: 3_999 });
  const found = async (...minutes: ReturnType<typeof asked>) =>
    (await minutesWithMore(db.database, minutes))
      .map((one) => `${one.model} ${(one.minute - START) / 60}`)
      .sort();
  expect(await found(...asked('a', 800), ...asked('b', 800))).toEqual(['a 700', 'b 10']);
  // The last minute of b is not asked for.
  expect(await found(...asked('a', 4_000), ...asked('b', 3_999))).toEqual(['a 3100', 'a 700', 'b 10']);
});
