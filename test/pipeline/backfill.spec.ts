import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launch, type Launched } from '../support/launch.js';
import { seeded } from '../support/random.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 2);
const HOURS = [0, 1, 2, 3, 4, 5];
const BACKWARDS = [4, 5, 2, 3, 0, 1];
const PER_HOUR = 60;
const KEYS = ['forwards', 'backwards'];

let app: Launched;

/** Sixty predictions of an hour with their labels; the level of `x` climbs from the third hour on. */
function hour(model: string, at: number): readonly object[] {
  const random = seeded(at + 1);
  return Array.from({ length: PER_HOUR }, (_, i) => {
    const ids = { prediction_id: `${at}-${i}`, model };
    const ts = START + at * HOUR + i * 60_000;
    const features = { x: random() + (at > 2 ? 3 : 0) };
    const said = { type: 'prediction', ...ids, model_version: '1', ts, features, prediction: { value: 10 } };
    return [said, { type: 'label', ...ids, ts: ts + 1, label: 10 + random() }];
  }).flat();
}

function reference(): string {
  const random = seeded(99);
  const rows = Array.from(
    { length: 72 * 60 },
    (_, i) => `${new Date(START - 72 * HOUR + i * 60_000).toISOString()},${random()},10,${10 + random()}`,
  );
  return ['ts,x,prediction_value,actual_label', ...rows].join('\n');
}

async function tell(events: readonly object[]): Promise<void> {
  expect(await app.send('/v1/events', events)).toMatchObject({ status: 200, rejected: [] });
  await app.tick();
  await app.tick();
}

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-backfill-'));
  await mkdir(join(directory, 'models'));
  const file = join(directory, 'reference.csv');
  await writeFile(file, reference());
  for (const key of KEYS)
    await writeFile(
      join(directory, 'models', `${key}.yaml`),
      `key: ${key}\ntask: regression\nwindow: 1h\nlabels: { expectedWithin: 1h }\nbaseline: { file: ${file} }\n`,
    );
  app = await launch({ now: new Date(START + 7 * HOUR), directory });
  // side by side, because the models of a fleet share its budget
  for (const at of HOURS) await tell([...hour('forwards', at), ...hour('backwards', BACKWARDS[at] ?? at)]);
  app.clock.set(new Date(START + 7 * HOUR + 600_000));
  await app.tick();
}, 120_000);
afterAll(async () => app?.close());

async function rows(sql: string, model: string): Promise<readonly object[]> {
  return app.service.database.query(sql, { params: { model } });
}

const WINDOWS = `SELECT toString(window_from) AS from, track, argMax(predictions, revision) AS predictions, argMax(labelled, revision) AS labelled
  FROM windows AS w FINAL WHERE model = {model:String} GROUP BY window_from, track ORDER BY window_from, track`;
const RESULTS = `SELECT toString(window_from) AS from, check, feature, statistic, round(value, 6) AS value, n, state, round(evidence, 6) AS evidence, toString(since) AS since
  FROM check_results FINAL WHERE model = {model:String}
  ORDER BY window_from, check, feature, statistic, revision DESC LIMIT 1 BY window_from, check, feature, statistic`;

it('hours that are delivered after later ones were judged are judged, and end in the same results', async () => {
  const [forwards, backwards] = KEYS as [string, string];
  const expected = await rows(WINDOWS, forwards);
  expect(expected).toHaveLength(2 * HOURS.length);
  expect(await rows(WINDOWS, backwards)).toEqual(expected);
  const results = await rows(RESULTS, forwards);
  expect(results.some((result) => 'state' in result && result.state === 'ALERT')).toBe(true);
  expect(await rows(RESULTS, backwards)).toEqual(results);
});
