import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knownWhenSent } from '../../src/pipeline/known-when-sent.js';
import { lcg } from '../../src/stats/lcg.js';
import { registerModel } from '../support/asked.js';
import { launch, type Launched } from '../support/launch.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const LEARN_DAYS = 3;
/** Labels come this many days after their predictions: long after the reference is frozen. */
const LATE_DAYS = 4;
const PER_HOUR = 40;
const FAULT_DAY = 5;
const MODEL = `key: loans
task: binary
positive: bad
window: 1h
season: day
baseline: { learn: ${LEARN_DAYS}d }
labels: { expectedWithin: ${LATE_DAYS + 1}d }
costs: { currency: EUR, falsePositive: 5, falseNegative: 250 }
`;

const random = lcg(11);

interface Row {
  readonly id: string;
  readonly at: number;
  readonly score: number;
}

/** A day of answers. */
const rowsOf = (day: number): readonly Row[] =>
  Array.from({ length: 24 * PER_HOUR }, (_, i) => ({
    id: `r-${day}-${i}`,
    at: START + day * DAY + i * (HOUR / PER_HOUR),
    score: random(),
  }));
const predictionOf = ({ id, at, score }: Row) => ({
  prediction_id: id, model: 'loans', model_version: '1', ts: at, features: { income: Math.round(score * 1e4) },
  prediction: { label: score > 0.5 ? 'bad' : 'good', score },
}); // prettier-ignore
/** Nine in ten answers are right; on and after the day of the fault half of them. */
const labelOf = ({ id, at, score }: Row) => {
  const right = random() < (at < START + FAULT_DAY * DAY ? 0.9 : 0.5);
  return {
    prediction_id: id,
    model: 'loans',
    ts: at + LATE_DAYS * DAY,
    label: score > 0.5 === right ? 'bad' : 'good',
  };
};

interface Monitoring {
  readonly state: string;
  readonly reason: string | null;
  readonly learning: number;
}

describe('labels that come long after the reference was frozen', () => {
  let app: Launched;
  const rows = new Map<number, readonly Row[]>();
  beforeAll(async () => {
    app = await launch({ now: new Date(START) });
    await registerModel(app, MODEL);
  });
  afterAll(async () => app?.close());

  const passDay = async (day: number) => {
    app.clock.set(new Date(START + (day + 1) * DAY + 200_000));
    const now = rowsOf(day);
    rows.set(day, now);
    expect(await app.send('/v1/predictions', now.map(predictionOf))).toMatchObject({ accepted: now.length });
    const labels = (rows.get(day - LATE_DAYS) ?? []).map(labelOf);
    if (labels.length > 0)
      expect(await app.send('/v1/labels', labels)).toMatchObject({ accepted: labels.length });
    await app.tick();
    await app.tick();
  };
  const monitoring = async () =>
    (
      await app.query<{ model: { monitoring: Monitoring } }>(
        '{ model(key: "loans") { monitoring { state reason learning } } }',
      )
    ).model.monitoring;
  const errorRates = async () => {
    const { model } = await app.query<{
      model: { windows: { nodes: readonly { results: readonly { state: string }[] }[] } };
    }>(
      `query ($until: DateTime) { model(key: "loans") { windows(first: 200, until: $until) { nodes { results(check: "concept_drift") { state } } } } }`,
      { until: new Date(START + (LEARN_DAYS + 1) * DAY).toISOString() },
    );
    return model.windows.nodes.flatMap(({ results }) => results.map(({ state }) => state));
  };

  it('leave performance to be learnt, and the model says so', async () => {
    for (let day = 0; day < LATE_DAYS; day += 1) await passDay(day);
    expect(await monitoring()).toMatchObject({
      state: 'PARTLY',
      reason: expect.stringContaining(
        'performance is learnt when labels are there: none has come yet',
      ) as string,
    });
    await passDay(LATE_DAYS);
    await passDay(LATE_DAYS + 1);
    expect(await monitoring()).toMatchObject({
      state: 'PARTLY',
      reason: expect.stringContaining('labels of 2026-03-02 00:00 to 2026-03-05 00:00 UTC') as string,
    });
    expect(new Set(await errorRates())).toEqual(new Set(['LEARNING']));
    // What the reference says follows its labels as they come, and says of how many it is: of two days of three.
    const { model } = await app.query<{
      model: { performance: readonly { usual: number; remark: string }[] };
    }>('{ model(key: "loans") { performance(metric: ["accuracy"]) { usual remark } } }');
    const [accuracy] = model.performance;
    expect(accuracy?.usual).toBeCloseTo(0.9, 1);
    expect(accuracy?.remark).toMatch(
      /the labels of 1\u202f920 of 2\u202f880 answers so far; none of them was in/u,
    );
  }, 300_000);

  it('teach it once they are in, which is recorded, and nothing else begins anew', async () => {
    const before = app.service.registry.load('loans').baseline?.id;
    for (let day = LATE_DAYS + 2; day < LATE_DAYS + LEARN_DAYS + 1; day += 1) await passDay(day);
    expect(await monitoring()).toMatchObject({ state: 'JUDGING', learning: 0 });
    const { baseline } = app.service.registry.load('loans');
    expect(baseline).toMatchObject({
      id: before,
      labels: { since: new Date(START), until: new Date(START + LEARN_DAYS * DAY) },
    });
    expect(baseline?.labels?.labelled).toBe(LEARN_DAYS * 24 * PER_HOUR);
    expect(await errorRates()).toContain('OK');
  }, 300_000);

  it('are heard of after a restart when performance falls', async () => {
    await app.stop();
    app = await launch({ now: app.clock.now(), directory: app.directory });
    await passDay(LATE_DAYS + LEARN_DAYS + 1);
    await passDay(LATE_DAYS + FAULT_DAY);
    const { incidents } = await app.query<{
      incidents: {
        nodes: readonly {
          check: string;
          since: string;
          id: string;
          extraCost: { total: number; low: number } | null;
          caseId: string;
        }[];
      };
    }>(
      '{ incidents(first: 10, filter: { severities: [WARNING, CRITICAL] }) { nodes { check since id extraCost { total low } caseId } } }',
    );
    const [found, ...others] = incidents.nodes.filter(({ check }) => check === 'concept_drift');
    expect(others).toEqual([]);
    expect(Date.parse(found?.since ?? '')).toBe(START + FAULT_DAY * DAY);
    // Neither incomes nor scores have moved: only what is right for them has.
    const told = await app.query<{ node: { cause: string | null } }>(
      'query ($id: ID!) { node: case(id: $id) { cause } }',
      { id: found?.caseId },
    );
    expect(told.node.cause).toBe(
      'the only input, the score and the mix of answers were judged then, and have not moved: what is right for the same inputs has changed (concept drift)',
    );
    // Four in ten more answers are wrong, half of those at 250 EUR: about 51 EUR an answer more.
    expect(found?.extraCost?.low).toBeGreaterThan(0);
    const { stages, incidents: known } = app.service;
    const member = known.find(found?.id ?? '');
    const opened = stages.deliveries
      .list()
      .map(({ message }) => message)
      .find((one) => one.type === 'case' && one.findings[0]?.incidentId === member?.id);
    // All decisions from the onset to the newest window that shows it, which is one of labels: what waits for them may yet be right, and a number that counted it would fall when they are.
    const seen = opened?.type === 'case' ? opened.findings[0]?.seen : undefined;
    const decisions = ((Date.parse(seen?.to ?? '') - START - FAULT_DAY * DAY) / HOUR) * PER_HOUR;
    expect(decisions).toBeLessThanOrEqual(24 * PER_HOUR);
    expect(decisions).toBeGreaterThan(0);
    expect(opened && (await knownWhenSent(stages, opened))).toMatchObject({
      briefing: {
        decisions,
        cost: expect.stringMatching(/EUR more than the reference rate would have cost/) as string,
      },
    });
    const { model } = await app.query<{
      model: {
        windows: {
          nodes: readonly {
            results: readonly { statistic: string; value: number; effect: number; explanation: string }[];
          }[];
        };
      };
    }>(
      `query ($since: DateTime) { model(key: "loans") { windows(first: 200, since: $since) { nodes { results(check: "performance") { statistic value effect explanation } } } } }`,
      { since: new Date(START + FAULT_DAY * DAY).toISOString() },
    );
    const cost = model.windows.nodes
      .flatMap(({ results }) => results)
      .find(({ statistic, value }) => statistic === 'cost' && value !== null);
    expect(cost?.explanation).toMatch(/EUR more than at the reference's rate/);
    expect(cost?.effect).toBeGreaterThan(100);
    // What is shown of a metric is what the checks said of it, and nothing where none asks.
    const { model: shown } = await app.query<{
      model: {
        performance: readonly {
          metric: string;
          points: readonly { value: number | null; state: string }[];
        }[];
      };
    }>(
      'query ($since: DateTime) { model(key: "loans") { performance(metric: ["accuracy", "prevalence"], since: $since) { metric points { value state } } } }',
      { since: new Date(START + FAULT_DAY * DAY).toISOString() },
    );
    const statesOf = (name: string) =>
      shown.performance
        .filter(({ metric }) => metric === name)
        .flatMap(({ points }) => points.flatMap(({ value, state }) => (value === null ? [] : state)));
    expect(statesOf('accuracy')).toContain('ALERT');
    expect(new Set(statesOf('prevalence'))).toEqual(new Set(['NOT_JUDGED']));
  }, 300_000);
});

describe('labels of a reference whose rows somebody on trial answered', () => {
  let app: Launched;
  beforeAll(async () => {
    app = await launch({ now: new Date(START) });
    await registerModel(app, MODEL);
  });
  afterAll(async () => app?.close());

  const announce = async (version: string, stage: string) =>
    app.query(
      `mutation { modelVersionRegister(input: { model: "loans", version: "${version}", stage: ${stage}, reason: "planned" }) { userErrors { message } } }`,
    );
  const passDay = async (day: number, version: string, labelled: readonly Row[]) => {
    app.clock.set(new Date(START + (day + 1) * DAY + 200_000));
    const now = rowsOf(day);
    const sent = now.map((row) => ({ ...predictionOf(row), model_version: version }));
    expect(await app.send('/v1/predictions', sent)).toMatchObject({ accepted: now.length });
    if (labelled.length > 0)
      expect(await app.send('/v1/labels', labelled.map(labelOf))).toMatchObject({
        accepted: labelled.length,
      });
    await app.tick();
    await app.tick();
    return now;
  };

  it('teach what they say where nobody else answered, though a champion came since', async () => {
    await announce('1', 'SHADOW');
    const rows: (readonly Row[])[] = [];
    for (let day = 0; day <= LEARN_DAYS; day += 1) rows.push(await passDay(day, '1', []));
    expect(app.service.registry.load('loans').baseline?.rows).toBe(LEARN_DAYS * 24 * PER_HOUR);
    await announce('2', 'CHAMPION');
    for (let day = LEARN_DAYS + 1; day < LATE_DAYS + LEARN_DAYS + 3; day += 1)
      rows.push(await passDay(day, '2', rows[day - LATE_DAYS] ?? []));
    expect(app.service.registry.load('loans').baseline?.labels?.labelled).toBe(LEARN_DAYS * 24 * PER_HOUR);
  }, 300_000);
});
