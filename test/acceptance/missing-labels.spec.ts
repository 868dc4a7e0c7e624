import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { houseWork } from '../../src/app.module.js';
import { lcg } from '../../src/stats/lcg.js';
import { registerModel } from '../support/asked.js';
import { launch, type Launched } from '../support/launch.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const LEARN_DAYS = 3;
const PER_HOUR = 60;
/** Labels come so many hours after their predictions, those of the rarer class later; one in ten never. */
const LATE = { good: 2, bad: 4 };
const EXPECTED_DAYS = 3;
const FAULT_HOUR = 24 * 7 + 12;
const FAULT_END = FAULT_HOUR + 10;
const MODEL = `key: loans
task: binary
positive: bad
window: 1h
season: day
baseline: { learn: ${LEARN_DAYS}d }
labels: { expectedWithin: ${EXPECTED_DAYS}d }
`;

interface Row {
  readonly id: string;
  readonly at: number;
  readonly score: number;
  readonly label: 'good' | 'bad';
  readonly known: boolean;
}

const random = lcg(17);

/** Nine in ten answers are right; in the fault three in four. */
const rowsOf = (hour: number): readonly Row[] =>
  Array.from({ length: PER_HOUR }, (_, i) => {
    const score = random();
    const right = random() < (hour >= FAULT_HOUR && hour < FAULT_END ? 0.75 : 0.9);
    const label = score > 0.7 === right ? 'bad' : 'good';
    return { id: `m-${hour}-${i}`, at: START + hour * HOUR + i * (HOUR / PER_HOUR), score, label, known: random() < 0.9 } as const;
  }); // prettier-ignore
const predictionOf = ({ id, at, score }: Row) => ({
  prediction_id: id, model: 'loans', model_version: '1', ts: at, features: { income: Math.round(random() * 1e4) },
  prediction: { label: score > 0.7 ? 'bad' : 'good', score },
}); // prettier-ignore
const comesAt = ({ at, label }: Row) => at + LATE[label] * HOUR;
const labelOf = (row: Row) => ({
  prediction_id: row.id,
  model: 'loans',
  ts: comesAt(row),
  label: row.label,
  source: sourceOf(row),
});
/** One answer in four is labelled by the core system, the others by a bureau. */
const sourceOf = ({ id }: Row) => (Number(id.split('-')[2]) % 4 === 0 ? 'core' : 'bureau');

type Shown = {
  readonly what: string;
  readonly nodes: readonly { readonly predictionId: string; readonly value: string }[];
} | null;

interface Found {
  readonly check: string;
  readonly severity: string;
  readonly since: string;
}

describe('labels of which one in ten never comes', () => {
  let app: Launched;
  let waiting: Row[] = [];
  beforeAll(async () => {
    app = await launch({ now: new Date(START) });
    await registerModel(app, MODEL);
  });
  afterAll(async () => app?.close());

  let reached = 0;
  /** Answers of the hours `[from, to)`, the labels that have come by then unless those of the bureau are held back, and the beat after them. */
  const pass = async (from: number, to: number, areSent = true) => {
    reached = to;
    const until = START + to * HOUR;
    app.clock.set(new Date(until + 200_000));
    const now = Array.from({ length: to - from }, (_, i) => rowsOf(from + i)).flat();
    waiting.push(...now);
    const due = waiting.filter((row) => (areSent || sourceOf(row) === 'core') && comesAt(row) < until);
    const labels = due.filter(({ known }) => known).map(labelOf);
    waiting = waiting.filter((row) => !due.includes(row));
    expect(await app.send('/v1/predictions', now.map(predictionOf))).toMatchObject({ accepted: now.length });
    if (labels.length > 0)
      expect(await app.send('/v1/labels', labels)).toMatchObject({ accepted: labels.length });
    await app.tick();
  };
  const found = async () => {
    const { incidents } = await app.query<{ incidents: { nodes: readonly Found[] } }>(
      '{ incidents(first: 50, filter: { severities: [WARNING, CRITICAL] }) { nodes { check severity since } } }',
    );
    return incidents.nodes;
  };
  /** Hours by which the labels of a version are judged behind the newest closed window. */
  const lag = () => {
    const { book, registry } = app.service.stages;
    const { booked } = book.labelled(registry.load('loans').model, '1');
    return ((booked.closedTo ?? 0) - (booked.labelledTo ?? 0)) / HOUR - 1;
  };

  it('are judged as they come, and page nobody while nothing happens', async () => {
    let worst = 0;
    for (let hour = 0; hour < FAULT_HOUR; hour += 12) {
      await pass(hour, hour + 12);
      if (hour > 24 * (LEARN_DAYS + 1)) worst = Math.max(worst, lag());
    }
    // What closes in a pass of twelve hours is judged by its labels in the next.
    expect(worst).toBeLessThanOrEqual(12);
    expect(await found()).toEqual([]);
    const { model } = await app.query<{ model: { monitoring: { labels: string } } }>(
      '{ model(key: "loans") { monitoring { labels } } }',
    );
    expect(model.monitoring.labels).toMatch(
      /^judged up to 2026-03-0[89] .*others have (8\d|9\d)(\.\d)? % in the end/,
    );
  }, 400_000);

  it('tell a change of the error rate within hours of its labels', async () => {
    let told: number | null = null;
    for (let hour = FAULT_HOUR; told === null && hour < FAULT_END + 12; hour += 1) {
      await pass(hour, hour + 1);
      if ((await found()).length > 0) told = hour;
    }
    expect(told).toBeLessThanOrEqual(FAULT_HOUR + LATE.bad + 8);
    for (const { since } of await found())
      expect(Math.abs(Date.parse(since) - (START + FAULT_HOUR * HOUR))).toBeLessThanOrEqual(3 * HOUR);
    const { incidents } = await app.query<{ incidents: { nodes: readonly { rows: Shown }[] } }>(
      '{ incidents(first: 1, filter: { severities: [WARNING, CRITICAL] }) { nodes { rows { what nodes { predictionId value } } } } }',
    );
    const [{ rows: shown } = { rows: null }] = incidents.nodes;
    expect(shown?.what).toBe('answers that were wrong');
    expect(shown?.nodes).toHaveLength(10);
    for (const { value } of shown?.nodes ?? []) expect(value).toMatch(/where the label is "(good|bad)"$/);
  }, 400_000);

  it('are told once where those of one source stop, with the source and the first window without, for as long as that lasts', async () => {
    const ofLabels = async () => {
      await houseWork(app.service);
      const { incidents } = await app.query<{
        incidents: { nodes: readonly (Found & { state: string; summary: string })[] };
      }>('{ incidents(first: 50) { nodes { check severity since state summary } } }');
      return incidents.nodes.filter(({ check }) => check === 'label_delay');
    };
    expect(await ofLabels()).toEqual([]);
    const stopped = reached;
    for (let i = 0; i < 3; i += 1) await pass(reached, reached + 5, false);
    // A history that is loaded in pieces has rows without labels for a moment.
    expect(await ofLabels()).toEqual([]);
    await pass(reached, reached + 5, false);
    await houseWork(app.service);
    const [told, ...others] = await ofLabels();
    expect(others).toEqual([]);
    expect(told).toMatchObject({ state: 'OPEN', severity: 'WARNING' });
    expect(told?.summary).toMatch(
      /^labels are late, or do not come: .* % of .* predictions of .* have one, .* or longer after; of others (8\d|9\d)(\.\d)? % had, nearly all within .*; missing from "bureau" \(.* % have one of it, 6\d.* % had\); as usual from "core"$/,
    );
    expect(Math.abs(Date.parse(told?.since ?? '') - (START + stopped * HOUR))).toBeLessThanOrEqual(6 * HOUR);
    // What is late does not become what is usual: neither by the days of it that are old enough to teach, nor where it is learnt anew.
    for (let i = 0; i < 9; i += 1) await pass(reached, reached + 12, false);
    app.service.stages.book.rhythms.drop('loans');
    await pass(reached, reached + 1, false);
    expect(await ofLabels()).toMatchObject([{ state: 'OPEN' }]);
    const { model } = await app.query<{ model: { monitoring: { labels: string } } }>(
      '{ model(key: "loans") { monitoring { labels } } }',
    );
    expect(model.monitoring.labels).toMatch(
      /; labels are late from an age of 6\.\d h on: (8\d|9\d)(\.\d)? % of the predictions had theirs, nearly all within 4\.\d h; that stands as it was learnt before .*, from when on they are late$/,
    );
    const since = told?.since.slice(0, 16).replace('T', ' ');
    expect(model.monitoring.labels).toContain(`learnt before ${since} UTC, from`);
    await pass(reached, reached + 1);
    await pass(reached, reached + 1);
    expect(await ofLabels()).toMatchObject([{ state: 'CLOSED' }]);
  }, 400_000);
});
