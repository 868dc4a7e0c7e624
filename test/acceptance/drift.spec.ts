import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnStatistic, factsOf } from '../../src/domain/incident-facts.js';
import { drawnTrend, findingTrend } from '../../src/pipeline/case-picture.js';
import { lcg } from '../../src/stats/lcg.js';
import { launch, type Launched } from '../support/launch.js';
import { normals } from '../support/random.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const REFERENCE_DAYS = 10;
const FAULT_HOUR = 24 * (REFERENCE_DAYS + 1);
const PER_HOUR = 120;

const random = lcg(42);
const normal = normals(random);

interface Change {
  readonly income?: number;
  readonly nulls?: number;
  /** Share of rows of the north, of which there is a third. */
  readonly north?: number;
}

/** One hour of predictions: income in thousands, a region, and a score that follows income. */
function predictions(hour: number, change: Change = {}): object[] {
  // A third of the others is of the north too.
  const northern = change.north === undefined ? 0 : (change.north - 1 / 3) / (2 / 3);
  return Array.from({ length: PER_HOUR }, (_, i) => {
    const income = (50 + 10 * normal()) * (change.income ?? 1);
    const place = Math.floor(random() * 3);
    const region = random() < northern ? 'north' : ['north', 'south', 'east'][place];
    const score = 1 / (1 + Math.exp((income - 50) / 20));
    const isNull = random() < (change.nulls ?? 0.002);
    return {
      prediction_id: `p-${hour}-${i}`, model: 'credit', model_version: '1', ts: new Date(START + hour * HOUR + i * 29_000).toISOString(),
      features: { income: isNull ? null : Math.round(income * 100) / 100, region }, prediction: { label: score > 0.5 ? 'bad' : 'good', score },
    }; // prettier-ignore
  });
}

describe('from events to an incident', () => {
  let app: Launched;
  beforeAll(async () => {
    app = await launch({ now: new Date(START) });
  });
  afterAll(async () => app?.close());

  /** Hours `[from, to)` in one request, and the beat after it. */
  const pass = async (from: number, to: number, change?: Change) => {
    app.clock.set(new Date(START + to * HOUR + 120_000));
    const events = Array.from({ length: to - from }, (_, i) => predictions(from + i, change)).flat();
    const answer = await app.send('/v1/predictions', events);
    expect(answer).toMatchObject({ status: 200, accepted: events.length, rejected: [] });
    await app.tick();
  };

  it('refuses events of a model nobody registered, and keeps them', async () => {
    const answer = await app.send('/v1/predictions', predictions(-1).slice(0, 1));
    expect(answer.rejected).toMatchObject([{ index: 0, code: 'unknown_model' }]);
  });

  it('registers a model', async () => {
    const yaml =
      'key: credit\ntask: binary\npositive: bad\nwindow: 1h\nbaseline: { learn: 10d }\nlabels: { expectedWithin: 2d }\n';
    const { modelRegister } = await app.query<{
      modelRegister: { model: { key: string }; userErrors: unknown[] };
    }>(
      'mutation ($yaml: String!) { modelRegister(input: { yaml: $yaml }) { model { key } userErrors { message } } }',
      { yaml },
    );
    expect(modelRegister).toEqual({ model: { key: 'credit' }, userErrors: [] });
  });

  it('learns a baseline from the first days and stays quiet', async () => {
    for (let day = 0; day < REFERENCE_DAYS + 1; day++) await pass(24 * day, 24 * day + 24);
    const { model, incidents } = await app.query<{
      model: { baseline: { rows: number } };
      incidents: { nodes: unknown[] };
    }>('{ model(key: "credit") { baseline { rows } } incidents { nodes { key severity summary } } }');
    expect(model.baseline.rows).toBe(24 * REFERENCE_DAYS * PER_HOUR);
    expect(incidents.nodes).toEqual([]);
  });

  it('finds a unit change within hours, once, and says what it looks like', async () => {
    for (let hour = FAULT_HOUR; hour < FAULT_HOUR + 6; hour++) await pass(hour, hour + 1, { income: 1.609 });
    const { incidents } = await app.query<{
      incidents: {
        nodes: { feature: string; check: string; since: string; summary: string; state: string }[];
      };
    }>(
      '{ incidents(filter: { severities: [WARNING, CRITICAL] }) { nodes { feature check since summary state severity openedAt } } }',
    );
    const income = incidents.nodes.filter((incident) => incident.feature === 'income');
    expect(income).toHaveLength(1);
    expect(income[0]).toMatchObject({ check: 'feature_drift', state: 'OPEN' });
    expect(Math.abs(Date.parse(income[0]!.since) - (START + FAULT_HOUR * HOUR))).toBeLessThanOrEqual(
      2 * HOUR,
    );
  });

  it('draws it on the scale of its text: window by window by the true mean where that is what is told', async () => {
    const found = app.service.incidents.list({ feature: 'income', check: 'feature_drift' })[0]!;
    const { stages } = app.service;
    const stretch = factsOf(found.course);
    const sizes = async (statistic: string) => {
      const points = await drawnTrend(stages, { ...found.signal, statistic }, stretch);
      return new Map(points.map(({ at, value }) => [at.getTime(), value]));
    };
    const [bins, means] = [await sizes('location'), await sizes('mean')];
    expect([...means.keys()]).toEqual([...bins.keys()]);
    const at = (hour: number) => means.get(START + hour * HOUR) ?? NaN;
    // The mean of 120 rows, in standard deviations of the reference.
    expect(Math.abs(at(FAULT_HOUR - 2))).toBeLessThan(0.5);
    expect(at(FAULT_HOUR + 2)).toBeGreaterThan(2.5);
    expect(at(FAULT_HOUR + 2)).toBeLessThan(3.6);
    expect(drawnStatistic(found)).toBe(stretch.statistic);
  });

  it('draws a change of a mix by the share that moved most, around that of the reference', async () => {
    for (let hour = FAULT_HOUR + 6; hour < FAULT_HOUR + 12; hour++)
      await pass(hour, hour + 1, { north: 0.8 });
    const found = app.service.incidents.list({ feature: 'region', check: 'feature_drift' })[0]!;
    expect(drawnStatistic(found)).toBe('mix:"north"');
    const { points, axis } = await findingTrend(app.service.stages, found);
    const shares = new Map(
      points.map(({ at, value }) => [at.getTime(), axis.base + axis.times * (value ?? NaN)]),
    );
    const at = (hour: number) => shares.get(START + hour * HOUR) ?? NaN;
    expect(axis).toEqual({
      unit: expect.stringMatching(/^% of the values, 3[234](\.\d)? % in the reference$/) as string,
      times: 1,
      base: expect.closeTo(100 / 3, -0.5) as number,
    });
    // The share of 120 rows.
    expect(Math.abs(at(FAULT_HOUR - 2) - 100 / 3)).toBeLessThan(15);
    expect(Math.abs(at(FAULT_HOUR + 8) - 80)).toBeLessThan(15);
  });

  it('keeps a ledger that verifies, also after a restart', async () => {
    const { auditVerification } = await app.query<{ auditVerification: { valid: boolean; entries: number } }>(
      '{ auditVerification { valid entries root problem } }',
    );
    expect(auditVerification).toMatchObject({ valid: true, problem: null });
    expect(auditVerification.entries).toBeGreaterThan(10);
  });
});
