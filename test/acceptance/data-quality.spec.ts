import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lcg } from '../../src/stats/lcg.js';
import { registerModel } from '../support/asked.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';
import { normals } from '../support/random.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const REFERENCE_DAYS = 3;
const FAULT_HOUR = 24 * (REFERENCE_DAYS + 1);
const PER_HOUR = 60;
const MODEL =
  'task: regression\nwindow: 1h\nseason: day\nbaseline: { learn: 3d }\nlabels: { expectedWithin: 2d }\n';

const random = lcg(5);
const normal = normals(random);
const STATES = { SEA: 'WA', PDX: 'OR', LAX: 'CA', SFO: 'CA' } as const;
const AIRPORTS = Object.keys(STATES) as (keyof typeof STATES)[];

interface Fault {
  readonly early?: true;
  readonly lower?: true;
  readonly temperature?: number;
  readonly copies?: true;
}

/** One hour of flights: they arrive after they leave, a tail number is `N` and five digits, an airport lies in one state. */
function flights(model: string, hour: number, fault: Fault = {}): object[] {
  const made = Array.from({ length: PER_HOUR }, (_, i) => {
    const departure = Math.round(1200 * random());
    const minutes = Math.round(60 + 40 * random());
    const origin = AIRPORTS[Math.floor(AIRPORTS.length * random())] ?? 'SEA';
    const tail = `N${10_000 + Math.floor(89_999 * random())}`;
    const arrival = fault.early && i % 8 === 0 ? departure - 10 : departure + minutes;
    return {
      prediction_id: `${model}-${hour}-${i}`, model, model_version: '1', ts: new Date(START + hour * HOUR + i * 59_000).toISOString(),
      features: {
        departure, arrival, origin, state: STATES[origin], tail: fault.lower ? tail.toLowerCase() : tail,
        temperature: fault.temperature ?? 15 + 5 * normal(),
      },
      prediction: { value: 10 + 3 * normal() },
    }; // prettier-ignore
  });
  // The same rows sent again under other ids, each in the minute of its original.
  const again = made
    .slice(0, 40)
    .map((flight) => ({ ...flight, prediction_id: `${flight.prediction_id}-again` }));
  return fault.copies ? [...made, ...again] : made;
}

interface Told {
  readonly model: { readonly key: string };
  readonly check: string;
  readonly feature: string | null;
  readonly summary: string;
  readonly state: string;
}

describe('data quality', () => {
  let app: Launched;
  beforeAll(async () => {
    app = await launch({ now: new Date(START) });
  });
  afterAll(async () => app?.close());

  const pass = async (models: readonly string[], [from, to]: readonly [number, number], fault?: Fault) => {
    app.clock.set(new Date(START + to * HOUR + 120_000));
    const hours = Array.from({ length: to - from }, (_, i) => from + i);
    const events = models.flatMap((model) => hours.flatMap((hour) => flights(model, hour, fault)));
    const answer = await app.send('/v1/predictions', events);
    expect(answer).toMatchObject({ status: 200, accepted: events.length, rejected: [] });
    await app.tick();
  };
  const incidents = async (model: string) => {
    const answer = await app.query<{ incidents: { nodes: Told[] } }>(
      '{ incidents(first: 100, filter: { severities: [WARNING, CRITICAL] }) { nodes { model { key } check feature summary state } } }',
    );
    return answer.incidents.nodes.filter((one) => one.model.key === model);
  };

  it('learns rules from a reference and keeps quiet while they hold', async () => {
    for (const key of ['calm', 'faulty', 'silent']) {
      expect(await registerModel(app, `key: ${key}\n${MODEL}`)).toEqual([]);
    }
    for (let day = 0; day <= REFERENCE_DAYS; day += 1)
      await pass(['calm', 'faulty', 'silent'], [24 * day, 24 * day + 24]);
    for (const key of ['calm', 'faulty', 'silent']) expect(await incidents(key)).toEqual([]);
  });

  it('tells a broken relation, another way of writing and copies, and a stream that stops; a calm stream tells nothing', async () => {
    for (let hour = FAULT_HOUR; hour < FAULT_HOUR + 4; hour += 1) {
      await pass(['calm'], [hour, hour + 1]);
      await pass(['faulty'], [hour, hour + 1], { early: true, lower: true, temperature: 21.5, copies: true });
    }
    const told = await incidents('faulty');
    const summaries = Object.fromEntries(
      told.map(({ check, feature, summary }) => [`${check}/${feature ?? ''}`, summary]),
    );
    expect(summaries['pair_rule/']).toMatch(
      /departure <= arrival held in 100 % of the reference; \d+ % of \d+ rows break it/,
    );
    expect(summaries['format/tail']).toMatch(
      /100 % of the reference were written as A99999; 100 % of \d+ rows are not/,
    );
    expect(summaries['stuck/temperature']).toMatch(/stuck: all \d+ values are 21\.5/);
    expect(summaries['duplicates/']).toMatch(/\d+ % of \d+ rows repeat another row of the same minute/);
    const silent = await incidents('silent');
    expect(silent.find(({ check }) => check === 'freshness')?.summary).toMatch(
      /no predictions since \d{4}-\d\d-\d\d \d\d:\d\d UTC; by the reference/,
    );
    expect(await incidents('calm')).toEqual([]);
  });

  it('shows a rule beside everything else that is watched', async () => {
    const { model } = await app.query<{ model: { windows: { edges: { node: { results: Told[] } }[] } } }>(
      '{ model(key: "faulty") { windows(first: 1) { edges { node { results(check: "pair_rule") { check statistic state explanation } } } } } }',
    );
    expect(model.windows.edges[0]?.node.results).toContainEqual(
      expect.objectContaining({ check: 'pair_rule', statistic: 'departure <= arrival', state: 'ALERT' }),
    );
    const headers = { authorization: `Bearer ${ADMIN_KEY}`, accept: 'text/html' };
    const page = await (await fetch(`${app.url}/models/faulty`, { headers })).text();
    expect(page).toContain('<td>departure &lt;= arrival</td>');
  });

  it('closes what is over when rows come again as they were', async () => {
    for (let hour = FAULT_HOUR + 4; hour < FAULT_HOUR + 8; hour += 1)
      await pass(['calm', 'faulty', 'silent'], [hour, hour + 1]);
    const states = Object.fromEntries(
      [...(await incidents('faulty')), ...(await incidents('silent'))].map((one) => [one.check, one.state]),
    );
    expect(states).toMatchObject({ freshness: 'CLOSED', stuck: 'CLOSED' });
    expect(await incidents('calm')).toEqual([]);
  });
});
