import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lcg } from '../../src/stats/lcg.js';
import { registerModel } from '../support/asked.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const LEARN_DAYS = 5;
const PER_HOUR = 240;
/** Labels come this many hours after their predictions. */
const LATE = 6;
const FAULT_HOUR = 24 * (LEARN_DAYS + 1);
const FAULT_END = FAULT_HOUR + 8;
const MODEL = `key: loans
task: binary
positive: approve
protected: [sex]
window: 1h
season: day
baseline: { learn: ${LEARN_DAYS}d }
labels: { expectedWithin: 12h }
`;

const random = lcg(5);

interface Person {
  readonly id: string;
  readonly at: number;
  readonly female: boolean;
  readonly approved: boolean;
}

/** An hour of decisions; nothing about them ever changes. */
function people(hour: number): readonly Person[] {
  return Array.from({ length: PER_HOUR }, (_, i) => ({
    id: `l-${hour}-${i}`,
    at: START + hour * HOUR + i * 14_000,
    female: i % 2 === 0,
    approved: random() < 0.5,
  }));
}

function predictionOf({ id, at, female, approved }: Person): object {
  return {
    prediction_id: id, model: 'loans', model_version: '1', ts: new Date(at).toISOString(), features: { income: Math.round(1e4 * random()) / 100 },
    prediction: { label: approved ? 'approve' : 'refuse', score: approved ? 0.7 + 0.3 * random() : 0.3 * random() },
    protected: { sex: female ? 'female' : 'male' },
  }; // prettier-ignore
}

/** What was right in the end: 85 in 100 decisions, but in the fault every other woman who was refused would have paid. */
function labelOf({ id, at, female, approved }: Person): object {
  const hour = (at - START) / HOUR;
  const fault = hour >= FAULT_HOUR && hour < FAULT_END;
  const good = random() < (approved ? 0.85 : fault && female ? 0.5 : 0.15);
  const ts = new Date(at + LATE * HOUR).toISOString();
  return { prediction_id: id, model: 'loans', ts, label: good ? 'approve' : 'refuse' };
}

interface Found {
  readonly id: string;
  readonly closeReason: string | null;
  readonly check: string;
  readonly feature: string | null;
  readonly severity: string;
  readonly state: string;
  readonly caseId: string;
  readonly summary: string;
  readonly since: string;
}

interface Shown {
  readonly performance: readonly {
    readonly metric: string;
    readonly basis: string;
    readonly version: string;
    readonly points: readonly {
      readonly from: string;
      readonly value: number | null;
      readonly low: number | null;
      readonly high: number | null;
      readonly n: number;
      readonly state: string;
      readonly maturity: number;
    }[];
  }[];
  readonly confusion: { readonly labelled: number; readonly cells: readonly { readonly rows: number }[] };
}

describe('a group that is wronged, as labels show hours later', () => {
  let app: Launched;
  const waiting: Person[] = [];
  let newest: readonly object[] = [];
  beforeAll(async () => {
    app = await launch({ now: new Date(START) });
    await registerModel(app, MODEL);
    for (let hour = 0; hour < FAULT_HOUR; hour += 12) await pass(hour, hour + 12);
  }, 240_000);
  afterAll(async () => app?.close());

  /** Decisions of the hours `[from, to)`, the labels that are known by then, the beat after them, and what is owed to people. */
  const pass = async (from: number, to: number) => {
    app.clock.set(new Date(START + to * HOUR + 120_000));
    const now = Array.from({ length: to - from }, (_, i) => people(from + i)).flat();
    waiting.push(...now);
    const known = waiting.findIndex(({ at }) => at + LATE * HOUR >= START + to * HOUR);
    const labels = waiting.splice(0, known).map(labelOf);
    expect(await app.send('/v1/predictions', now.map(predictionOf))).toMatchObject({ accepted: now.length });
    newest = labels;
    if (labels.length > 0)
      expect(await app.send('/v1/labels', labels)).toMatchObject({ accepted: labels.length });
    await app.tick();
    await app.service.stages.outbox.drain(app.clock.now());
  };
  const found = async (): Promise<readonly Found[]> => {
    const { incidents } = await app.query<{ incidents: { nodes: Found[] } }>(
      '{ incidents(first: 100, filter: { severities: [WARNING, CRITICAL] }) { nodes { id check feature severity state closeReason caseId summary since } } }',
    );
    return incidents.nodes;
  };
  /** What people were told of the group, message by message. */
  const told = (caseId: string) =>
    app.service.stages.deliveries
      .list('delivered')
      .toReversed()
      .flatMap(({ message }) =>
        message.type === 'case' && message.caseId === caseId ? message.findings : [],
      )
      .filter(({ feature, news }) => feature === 'sex=female' && news !== null)
      .map(({ check, news }) => `${check} ${news}`);
  const groups = async () =>
    (await found()).filter(({ check }) => check === 'group_errors' || check === 'fairness');

  it('is not heard of before there are labels: what is decided about it is as it always was', async () => {
    expect(await found()).toEqual([]);
    for (let hour = FAULT_HOUR; hour < FAULT_HOUR + LATE; hour += 2) await pass(hour, hour + 2);
    expect(await found()).toEqual([]);
  });

  it('is told of once, by name, with when it began', async () => {
    for (let hour = FAULT_HOUR + LATE; hour < FAULT_END + LATE; hour += 1) await pass(hour, hour + 1);
    expect(await groups()).toMatchObject([
      { check: 'group_errors', feature: 'sex=female', severity: 'CRITICAL', state: 'OPEN' },
    ]);
    const [group] = await groups();
    expect(group!.summary).toMatch(/^group errors of sex=female: .*0\.\d/);
    expect(Math.abs(Date.parse(group!.since) - (START + FAULT_HOUR * HOUR))).toBeLessThanOrEqual(2 * HOUR);
    expect(told(group!.caseId)).toEqual(['group_errors opened']);
  }, 120_000);

  it('shows how well the model does, window by window, as far as labels have come', async () => {
    const document = `query ($metric: [String!]) { model(key: "loans") { performance(metric: $metric) { metric basis version points { from value low high n state maturity } }
      confusion { labelled cells { actual answered rows } } } }`;
    const { model } = await app.query<{ model: Shown }>(document, { metric: ['accuracy', 'auc'] });
    expect(model.performance.map(({ metric, basis, version }) => [metric, basis, version])).toEqual([
      ['accuracy', 'REALISED', '1'],
      ['auc', 'REALISED', '1'],
      ['accuracy', 'CORRECTED', '1'],
      ['accuracy', 'ESTIMATED', '1'],
      ['auc', 'ESTIMATED', '1'],
    ]);
    const { points } = model.performance[0]!;
    const maturity = points.map((point) => point.maturity);
    expect(maturity).toEqual(maturity.toSorted((a, b) => b - a));
    expect(maturity.filter((share) => share === 1).length).toBeGreaterThan(points.length - LATE - 3);
    const newest = points.at(-1)!;
    expect(newest).toMatchObject({ value: null, n: 0, state: 'INSUFFICIENT', maturity: 0 });
    // Without a label the answers say as much as the reference taught them.
    const expected = model.performance.find(({ metric, basis }) => metric === 'accuracy' && basis === 'ESTIMATED')!.points;
    expect(expected.at(-1)!.value).toBeCloseTo(0.85, 1);
    expect(expected.at(-1)!.low!).toBeLessThan(expected.at(-1)!.value!);
    const before = points.filter(({ n }) => n === PER_HOUR);
    const covered = before.slice(0, 100).filter(({ low, high }) => low! <= 0.85 && 0.85 <= high!);
    expect(covered.length).toBeGreaterThan(85);
    expect(model.confusion.cells.reduce((sum, { rows }) => sum + rows, 0)).toBe(model.confusion.labelled);
    await expect(app.query(document, { metric: ['acuracy'] })).rejects.toThrow(/metric: "acuracy" is not known; known: accuracy/);
    const page = await fetch(`${app.url}/models/loans`, { headers: { accept: 'text/html', cookie: `tidewatch_key=${ADMIN_KEY}` } });
    expect(await page.text()).toContain('balanced accuracy');
  }); // prettier-ignore

  it('Q28: one query says how every group fared over a stretch, with intervals', async () => {
    const at = (hour: number) => new Date(START + hour * HOUR).toISOString();
    const asked = `{ model(key: "loans") { fairness(since: "${at(FAULT_HOUR)}", until: "${at(FAULT_END)}") { attribute group people others rate { value low high } impactRatio { value low high } fourFifths equalOpportunity { value low high } } } }`;
    const { model } = await app.query<{ model: { fairness: readonly { group: string; equalOpportunity: { high: number } }[] } }>(asked);
    const women = model.fairness.find(({ group }) => group === 'female')!;
    const people = (PER_HOUR / 2) * (FAULT_END - FAULT_HOUR);
    expect(women).toMatchObject({ attribute: 'sex', people, others: people, fourFifths: 'MET' });
    expect(women.equalOpportunity.high).toBeLessThan(0);
    expect(JSON.stringify(women)).not.toContain('null');
  }); // prettier-ignore

  it('is the same incident after repeated labels and a restart, and ends when labels are as they were', async () => {
    const [before] = await groups();
    await app.stop();
    app = await launch({ now: app.clock.now(), directory: app.directory });
    expect(await app.send('/v1/labels', newest)).toMatchObject({ accepted: newest.length });
    for (let hour = FAULT_END + LATE; hour < FAULT_END + LATE + 12; hour += 2) await pass(hour, hour + 2);
    const [after, ...others] = await groups();
    expect(others).toEqual([]);
    expect(after).toMatchObject({ id: before!.id, state: 'CLOSED', closeReason: 'RECOVERED' });
    const entries = await app.service.ledger.read({ subjectId: before!.id, limit: 100 });
    expect(entries.map(({ action }) => action).filter((action) => action !== 'incident.amended')).toEqual([
      'incident.opened', 'incident.recovering', 'incident.closed',
    ]); // prettier-ignore
  }, 120_000);
});
