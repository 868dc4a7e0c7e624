import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../src/checks/with-estimate.js';
import { lcg } from '../../src/stats/lcg.js';
import { registerModel } from '../support/asked.js';
import { launch, type Launched } from '../support/launch.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const PER_HOUR = 40;
const MODEL = `key: loans
task: binary
positive: bad
window: 1h
season: day
baseline: { learn: 3d }
labels: { expectedWithin: 1h }
segments: [channel]
`;

const random = lcg(3);

/** An applicant, and whether the loan goes bad; version 2 says the probability, version 1 claims more than it knows. */
function applicant(id: string, at: number) {
  const risk = random();
  const claimed = risk > 0.5 ? 0.95 : 0.05;
  const answer = (version: string, score: number) => ({
    prediction_id: id, model: 'loans', model_version: version, ts: at, features: { income: Math.round(risk * 1e4) },
    segment: { channel: Number(id.split('-').at(-1)) % 2 === 0 ? 'web' : 'branch' }, prediction: { label: score > 0.5 ? 'bad' : 'good', score },
  }); // prettier-ignore
  const label = {
    prediction_id: id,
    model: 'loans',
    ts: at + 60_000,
    label: random() < risk ? 'bad' : 'good',
  };
  return { answers: { 1: answer('1', claimed), 2: answer('2', risk) }, label };
}

interface Series {
  readonly metric: string;
  readonly points: readonly {
    readonly value: number | null;
    readonly state: string;
    readonly reason: string | null;
  }[];
}

describe('what is expected of a version whose answers the reference does not have', () => {
  let app: Launched;
  beforeAll(async () => {
    app = await launch({ now: new Date(START) });
    await registerModel(app, MODEL);
  });
  afterAll(async () => app?.close());

  const pass = async (hours: number, from: number, versions: readonly (1 | 2)[]) => {
    for (let hour = from; hour < from + hours; hour += 12) {
      const people = Array.from({ length: 12 * PER_HOUR }, (_, i) =>
        applicant(`p-${hour}-${i}`, START + hour * HOUR + i * (HOUR / PER_HOUR)),
      );
      app.clock.set(new Date(START + (hour + 12) * HOUR + 200_000));
      const rows = people.flatMap(({ answers }) => versions.map((version) => answers[version]));
      expect(await app.send('/v1/predictions', rows)).toMatchObject({ accepted: rows.length });
      const labels = people.map(({ label }) => label);
      expect(await app.send('/v1/labels', labels)).toMatchObject({ accepted: labels.length });
      await app.tick();
      await app.tick();
    }
  };
  const estimated = async (version: string) => {
    const { model } = await app.query<{ model: { performance: readonly (Series & { basis: string })[] } }>(
      `query ($version: String!, $since: DateTime, $until: DateTime) { model(key: "loans") { performance(version: $version, metric: "accuracy", since: $since, until: $until) { metric basis points { value state reason } } } }`,
      { version, since: new Date(START).toISOString(), until: new Date(START + 6 * DAY).toISOString() },
    );
    return model.performance.find(({ basis }) => basis === 'ESTIMATED')?.points ?? [];
  };
  const judged = async (version: string) => {
    const { model } = await app.query<{
      model: {
        windows: {
          nodes: readonly { results: readonly { state: string; explanation: string | null }[] }[];
        };
      };
    }>(
      `query ($version: String!) { model(key: "loans") { windows(first: 1, version: $version) { nodes { results(check: "estimated_performance") { state explanation } } } } }`,
      { version },
    );
    return model.windows.nodes.flatMap(({ results }) => results);
  };

  it('is nothing, and says why, until labels of its own have taught it', async () => {
    await pass(84, 0, [1]);
    expect(app.service.registry.load('loans').baseline).not.toBeNull();
    await pass(12, 84, [1, 2]);
    expect(await judged('2')).toEqual([{ state: 'LEARNING', explanation: NO_CALIBRATION }]);
    const points = await estimated('2');
    expect(points.length).toBeGreaterThan(0);
    for (const point of points)
      expect(point).toEqual({ value: null, state: 'INSUFFICIENT', reason: NO_CALIBRATION });
    expect((await estimated('1')).every(({ value }) => value !== null)).toBe(true);
    expect(await judged('1')).toMatchObject([{ state: 'OK' }]);
  }, 120_000);

  it('has segments with all of their rows also before the reference said which there are', async () => {
    const [since, until] = [6, 18].map((hour) => new Date(START + hour * HOUR).toISOString());
    const { model } = await app.query<{ model: { segments: readonly object[] } }>(
      'query ($since: DateTime, $until: DateTime) { model(key: "loans") { segments(version: "1", since: $since, until: $until) { segment predictions labelled } } }',
      { since, until },
    );
    const half = { predictions: (12 * PER_HOUR) / 2, labelled: (12 * PER_HOUR) / 2 };
    expect(model.segments).toHaveLength(2);
    for (const segment of model.segments) expect(segment).toMatchObject(half);
  });

  it('comes from its own labels then, also for answers of before, and is judged', async () => {
    await pass(24, 96, [1, 2]);
    const calibration = app.service.registry.load('loans').calibrations.get('2');
    expect(calibration?.labelled).toBeGreaterThanOrEqual(500);
    const points = await estimated('2');
    // every hour since its first
    expect(points).toHaveLength(36);
    const values = points.map(({ value }) => value ?? Number.NaN);
    // a risk that is uniform: whoever says the likelier is right in three of four
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(0.75, 1);
    expect(await judged('2')).toMatchObject([{ state: 'OK' }]);
  }, 120_000);

  it('is shown where nobody names a stretch, however long ago that was', async () => {
    app.clock.set(new Date(START + 60 * DAY));
    const { model } = await app.query<{ model: { performance: readonly Series[] } }>(
      '{ model(key: "loans") { performance(metric: "accuracy") { metric points { value state reason } } } }',
    );
    expect(model.performance.flatMap(({ points }) => points).length).toBeGreaterThan(100);
  });

  it('is judged again to the same results, by what was known at that time', async () => {
    for (const hour of [85, 110]) {
      const { verdictRecompute } = await app.query<{
        verdictRecompute: { records: readonly { difference: string | null }[] };
      }>(
        'query ($from: DateTime!) { verdictRecompute(model: "loans", version: "2", from: $from) { records { track difference } } }',
        { from: new Date(START + hour * HOUR).toISOString() },
      );
      expect(verdictRecompute.records.map(({ difference }) => difference)).toEqual([null, null]);
    }
  });
});
