import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lcg } from '../../src/stats/lcg.js';
import { registerModel } from '../support/asked.js';
import { launch, type Launched } from '../support/launch.js';
import { normals } from '../support/random.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const REFERENCE_DAYS = 3;
const PER_HOUR = 100;
const MODEL =
  'key: price\ntask: regression\nwindow: 1h\nseason: day\nbaseline: { learn: 3d }\nlabels: { expectedWithin: 1h }\n';

const random = lcg(11);
const normal = normals(random);

/** One hour of a model, of which version 2 answers the given share. */
function answers(hour: number, share: number, rows = PER_HOUR, version = '2'): object[] {
  return Array.from({ length: rows }, (_, i) => ({
    prediction_id: `p-${hour}-${i}`,
    model: 'price',
    model_version: random() < share ? version : '1',
    ts: new Date(START + hour * HOUR + Math.floor((i * HOUR) / (rows + 1))).toISOString(),
    features: { area: 80 + 20 * normal(), city: ['Bern', 'Basel', 'Chur'][Math.floor(3 * random())] },
    prediction: { value: (version === '3' ? 14 : 10) + 3 * normal() },
  }));
}

interface Told {
  readonly check: string;
  readonly feature: string | null;
  readonly summary: string;
}

describe('a new version takes over', () => {
  let app: Launched;
  let hour = 0;
  beforeAll(async () => {
    app = await launch({ now: new Date(START) });
    await registerModel(app, MODEL);
  });
  afterAll(async () => app?.close());

  const pass = async (hours: number, share: number, rows = PER_HOUR) => {
    for (const end = hour + hours; hour < end; hour += 6) {
      const events = Array.from({ length: 6 }, (_, i) => answers(hour + i, share, rows)).flat();
      app.clock.set(new Date(START + (hour + 6) * HOUR + 200_000));
      expect(await app.send('/v1/predictions', events)).toMatchObject({ accepted: events.length });
      await app.tick();
    }
  };
  const told = async (): Promise<Told[]> => {
    const answer = await app.query<{ incidents: { nodes: Told[] } }>(
      '{ incidents(first: 100, filter: { severities: [WARNING, CRITICAL] }) { nodes { check feature summary } } }',
    );
    return answer.incidents.nodes;
  };

  it('nobody is told of rows that only changed hands', async () => {
    await pass(24 * REFERENCE_DAYS + 12, 0);
    for (const share of [0.1, 0.5, 0.9]) await pass(12, share);
    await pass(36, 1);
    expect(await told()).toEqual([]);
  }, 300_000);

  it('rows that are lost while two versions answer are missed', async () => {
    await pass(12, 0.6);
    expect(await told()).toEqual([]);
    await pass(12, 0.6, PER_HOUR / 2);
    expect((await told()).map(({ check, feature }) => [check, feature])).toEqual([['volume', null]]);
  });

  it('one that answers otherwise is named as what probably caused it, also where its rows waited for two days', async () => {
    const first = hour;
    app.clock.set(new Date(START + (hour + 48) * HOUR));
    // One on trial that may go on sending stands in nobody's way.
    const onTrial = answers(hour - 1, 1, 20, '4').map((one) => ({
      ...one,
      prediction_id: `trial-${(one as { prediction_id: string }).prediction_id}`,
    }));
    const own = Array.from({ length: 48 }, (_, i) => answers(hour + i, 1, PER_HOUR, '3')).flat();
    const events = [...onTrial, ...own];
    expect(await app.send('/v1/predictions', events)).toMatchObject({ accepted: events.length });
    for (let beat = 0; beat < 3; beat++) await app.tick();
    const { cases } = await app.query<{ cases: { cause: string | null }[] }>('{ cases { cause } }');
    const began = new Date(START + first * HOUR).toISOString().slice(0, 16).replace('T', ' ');
    expect(cases.map(({ cause }) => cause)).toContain(
      `it began when version 3 answered for the first time, at ${began} UTC`,
    );
  }, 300_000);
});
