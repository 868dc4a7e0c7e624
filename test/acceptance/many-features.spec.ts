import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lcg } from '../../src/stats/lcg.js';
import { registerModel } from '../support/asked.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';
import { normals } from '../support/random.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const LEARN_DAYS = 7;
const PER_HOUR = 120;
const FAULT_HOUR = 24 * (LEARN_DAYS + 1);

const random = lcg(7);
const normal = normals(random);

interface Change {
  /** Correlation of speed and load; 0.6 as a rule. */
  readonly correlation?: number;
  /** Share of women that are approved; 0.5 as for men as a rule. */
  readonly approved?: number;
}

const rounded = (x: number) => Math.round(x * 1e4) / 1e4;

/** One hour of two models: features that move together, and decisions about people. */
function predictions(hour: number, { correlation = 0.6, approved = 0.5 }: Change = {}): object[] {
  return Array.from({ length: PER_HOUR }, (_, i) => {
    const speed = normal();
    const load = correlation * speed + Math.sqrt(1 - correlation ** 2) * normal();
    const ts = new Date(START + hour * HOUR + i * 29_000).toISOString();
    const fleet = {
      prediction_id: `f-${hour}-${i}`, model: 'fleet', model_version: '1', ts,
      features: { speed: rounded(speed), load: rounded(load), wind: rounded(normal()), site: random() < 0.3 ? 'a' : 'b' },
      prediction: { value: rounded(normal()) }, attributions: { speed: 0.5 + 0.1 * random(), load: -0.2 * random() },
    }; // prettier-ignore
    const sex = i % 2 === 0 ? 'female' : 'male';
    const label = random() < (sex === 'female' ? approved : 0.5) ? 'approve' : 'refuse';
    const loan = {
      prediction_id: `l-${hour}-${i}`, model: 'loans', model_version: '1', ts, features: { income: rounded(normal()) },
      prediction: { label, score: label === 'approve' ? 0.5 + random() / 2 : random() / 2 }, protected: { sex },
    }; // prettier-ignore
    return [fleet, loan];
  }).flat();
}

interface Incident {
  readonly model: { readonly key: string };
  readonly check: string;
  readonly feature: string | null;
  readonly severity: string;
  readonly summary: string;
}

describe('many features together, and groups beside each other', () => {
  let app: Launched;
  beforeAll(async () => {
    app = await launch({ now: new Date(START) });
    const register = async (yaml: string) => registerModel(app, yaml);
    const baseline = `window: 1h\nbaseline: { learn: ${LEARN_DAYS}d }\n`;
    await register(`key: fleet\ntask: regression\n${baseline}`);
    await register(
      `key: loans\ntask: binary\npositive: approve\nprotected: [sex]\nlabels: { expectedWithin: 90d }\n${baseline}`,
    );
    for (let day = 0; day <= LEARN_DAYS; day++) await pass(24 * day, 24 * day + 24);
  }, 240_000);
  afterAll(async () => app?.close());

  const pass = async (from: number, to: number, change?: Change) => {
    app.clock.set(new Date(START + to * HOUR + 120_000));
    const events = Array.from({ length: to - from }, (_, i) => predictions(from + i, change)).flat();
    const answer = await app.send('/v1/predictions', events);
    expect(answer).toMatchObject({ status: 200, accepted: events.length, rejected: [] });
    await app.tick();
  };

  const alerts = async (): Promise<readonly Incident[]> => {
    const { incidents } = await app.query<{ incidents: { nodes: Incident[] } }>(
      '{ incidents(filter: { severities: [WARNING, CRITICAL] }) { nodes { model { key } check feature severity summary } } }',
    );
    return incidents.nodes;
  };

  it('says nothing while nothing changes', async () => {
    expect(await alerts()).toEqual([]);
  });

  it('finds a correlation that turned round, names the two, and says nothing of either alone', async () => {
    await pass(FAULT_HOUR, FAULT_HOUR + 6, { correlation: -0.6 });
    const found = await alerts();
    expect(found.map(({ model, check }) => `${model.key} ${check}`)).toEqual(['fleet multivariate']);
    expect(found[0]!.summary).toContain('speed');
    expect(found[0]!.summary).toContain('load');
  });

  it('finds a group that is approved less often, and tells the rates of both', async () => {
    await pass(FAULT_HOUR + 6, FAULT_HOUR + 14, { approved: 0.1 });
    const found = (await alerts()).filter(({ check }) => check === 'fairness');
    expect(found).toHaveLength(1);
    expect(found[0]!.model.key).toBe('loans');
    expect(found[0]!.feature).toBe('sex=female');
    expect(found[0]!.summary).toMatch(/\d % \(n = 60\), others \d+ % \(n = 60\)/);
    const cookie = `tidewatch_key=${ADMIN_KEY}`;
    const page = await fetch(`${app.url}/models/loans`, { headers: { accept: 'text/html', cookie } });
    expect(await page.text()).toContain('impact_ratio of sex=female');
  });
});
