import { afterAll, beforeAll, expect, it } from 'vitest';
import { lcg } from '../../src/stats/lcg.js';
import { registerModel } from '../support/asked.js';
import { launch, type Launched } from '../support/launch.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const REFERENCE_HOURS = 72;
const PER_HOUR = 59;
/** Of the rows, so many are sent again. */
const PART = 0.8;

const random = lcg(11);

/** An hour of rows, a part of them once more under another id a minute later. */
function rowsOf(model: string, hour: number, part: number): object[] {
  return Array.from({ length: PER_HOUR }).flatMap((_, i) => {
    const features = { amount: Math.round(1e5 * random()), age: Math.round(1000 * random()) };
    const row = (suffix: string, minute: number) => ({
      prediction_id: `${model}-${hour}-${i}${suffix}`, model, model_version: '1', features, prediction: { value: 10 * random() },
      ts: new Date(START + hour * HOUR + minute * 60_000).toISOString(),
    }); // prettier-ignore
    return i < part * PER_HOUR ? [row('', i), row('-resent', i + 1)] : [row('', i)];
  });
}

let app: Launched;
beforeAll(async () => {
  app = await launch({ now: new Date(START) });
});
afterAll(async () => app?.close());

async function pass(from: number, to: number, part: number): Promise<void> {
  app.clock.set(new Date(START + to * HOUR + 120_000));
  const hours = Array.from({ length: to - from }, (_, i) => from + i);
  const events = hours.flatMap((hour) => [...rowsOf('calm', hour, 0), ...rowsOf('resent', hour, part)]);
  expect(await app.send('/v1/predictions', events)).toMatchObject({ status: 200, rejected: [] });
  await app.tick();
}

it('rows that are sent again under new ids a minute later are told as copies, and other rows are not', async () => {
  for (const key of ['calm', 'resent'])
    await registerModel(
      app,
      `key: ${key}\ntask: regression\nwindow: 1h\nseason: day\nbaseline: { learn: 3d }\n`,
    );
  await pass(0, REFERENCE_HOURS, 0);
  for (let hour = REFERENCE_HOURS; hour < REFERENCE_HOURS + 10; hour += 1)
    await pass(hour, hour + 1, hour >= REFERENCE_HOURS + 4 ? PART : 0);
  const { incidents } = await app.query<{
    incidents: { nodes: { model: { key: string }; check: string; summary: string }[] };
  }>(
    '{ incidents(first: 100, filter: { severities: [WARNING, CRITICAL] }) { nodes { model { key } check summary } } }',
  );
  expect(incidents.nodes.filter(({ model }) => model.key === 'calm')).toEqual([]);
  const copies = incidents.nodes.find(({ check }) => check === 'duplicates');
  expect(copies?.summary).toMatch(
    /about \d+ % of \d+ rows repeat another row of the window under another id/,
  );
  // The rows are counted where there are more of them than usual, before the estimate is sure.
  const more = incidents.nodes.find(({ check, model }) => check === 'volume' && model.key === 'resent');
  expect(more?.summary).toMatch(
    /; 4[45](\.\d)? % of its rows repeat an earlier one of it, or of 5 min before it, under another id/,
  );
});
