import { afterAll, beforeAll, expect, it } from 'vitest';
import { registerModel } from '../support/asked.js';
import { launch, type Launched } from '../support/launch.js';

const NOW = Date.UTC(2026, 2, 2);
let app: Launched;
beforeAll(async () => {
  app = await launch({ now: new Date(NOW) });
  await registerModel(app, 'key: m\ntask: regression\n');
});
afterAll(async () => app?.close());

it('takes a name of blanks for one that was left out, and refuses it where it is needed', async () => {
  const row = { model: 'm', ts: NOW, features: { x: 1 }, prediction: { value: 1 } };
  const blank = { model_version: '  ', environment: '\t', subject: ' ', status: '\n' };
  const { rejected } = await app.send('/v1/predictions', [
    { ...row, prediction_id: 'a', ...blank },
    { ...row, prediction_id: 'b' },
    { ...row, prediction_id: '  ' },
  ]);
  expect(rejected).toEqual([
    { index: 2, code: 'missing_field', message: 'prediction_id is empty: send at least one character' },
  ]);
  const labelled = { prediction_id: 'a', model: 'm', ts: NOW, label: 2, source: ' ' };
  expect(await app.send('/v1/labels', [labelled])).toMatchObject({ rejected: [] });
  const { database } = app.service;
  expect(
    await database.query(
      'SELECT count() AS rows, version, environment, subject, status FROM predictions GROUP BY ALL',
    ),
  ).toEqual([{ rows: 2, version: 'unversioned', environment: 'production', subject: '', status: '' }]);
  expect(await database.query('SELECT source FROM labels')).toEqual([{ source: '' }]);
});
