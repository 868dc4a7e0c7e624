import { afterAll, beforeAll, expect, it } from 'vitest';
import { UnplacedLabels } from '../../src/profiles/unplaced-labels.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

const AT = Date.UTC(2026, 2, 2, 10);
const HOUR = 3_600_000;
let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(async () => test.close());

const text = (at: number) => new Date(at).toISOString().slice(0, 23).replace('T', ' ');

it('what came for models whose windows have no label is counted at once, with what of it names a prediction', async () => {
  const label = (model: string, id: string, source = '') => ({ model, prediction_id: id, source, label: 'good', value: NaN, labelled_at: text(AT), offset: 0 });
  await test.database.insert('labels', [label('stray', 'x'), label('stray', 'y'), label('stray', 'y', 'bank'), label('found', 'q1'), label('found', 'z')]);
  await test.database.insert('predictions', [{ model: 'found', version: '1', prediction_id: 'q1', ts: text(AT), offset: 0 }]);
  const unplaced = new UnplacedLabels(test.database);
  await unplaced.look(['stray', 'found', 'none'], new Date(AT));
  expect(unplaced.of('stray')).toEqual({ labels: 2, named: 0, isMore: false });
  expect(unplaced.of('found')).toEqual({ labels: 2, named: 1, isMore: false });
  expect(unplaced.of('none')).toBeNull();
  // Whose windows have labels is no longer looked at.
  await unplaced.look([], new Date(AT + HOUR));
  expect(unplaced.of('stray')).toBeNull();
}); // prettier-ignore
