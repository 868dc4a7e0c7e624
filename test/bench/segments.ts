import { FLEET_BUDGET } from '../../src/checks/budget.js';
import { fitBaseline } from '../../src/checks/fit-baseline.js';
import { runChecks } from '../../src/checks/run-checks.js';
import type { SeriesState } from '../../src/checks/series-state.js';
import type { CheckResult } from '../../src/domain/check-result.js';
import type { ConstraintOf } from '../../src/domain/constraint.js';
import type { Measure } from '../../src/domain/measure.js';
import { NO_LABELS, type WindowProfile } from '../../src/domain/profile.js';
import { EMPTY_PROFILE } from '../../src/profiles/profile-row.js';
import { normals, seeded } from '../support/random.js';
import { syntheticBaseline, syntheticModel, syntheticWindow } from '../support/synthetic-model.js';
import type { BenchOptions, BenchReport, BenchTable } from './report.js';

const MODELS = 20;
const SEGMENTS = ['a', 'b', 'c', 'd', 'e'] as const;
type Segment = (typeof SEGMENTS)[number];
const REFERENCE_HOURS = 28 * 24;
const DAYS = 30;
const HOURS = DAYS * 24;
/** Rows of a segment in an hour, on average over the day; the night has 40 % less than that, the day 40 % more. */
const ROWS = 100;
const SWING = 0.4;
const INCOMPLETE = 0.002;
const SEED = 42;
/** Models of which every tenth answer is wrong, and those with one positive in a hundred, which are always answered as negative. */
const USUAL = 0.1;
const RARE = 0.01;
/** Slow calls, by the reference's 95th percentile. */
const SLOW = 0.05;
/** What a segment's error rate becomes, or its slow calls, and the windows after which it is given up. */
const CHANGED = { wrong: 0.14, slow: 0.08 };
type Changed = keyof typeof CHANGED;
const MOST_WINDOWS = 400;

const COUNTED = [
  { check: 'segment_drift', statistic: 'mean_score', counted: { of: 'score' } },
  { check: 'segment_drift', statistic: 'incomplete_rows', counted: { of: 'incomplete', least: 1 } },
  { check: 'segment_drift', statistic: 'predictions', counted: { of: 'rows' } },
  { check: 'segment_performance', statistic: 'error_rate', counted: { of: 'errors', task: 'binary', positive: 'yes' }, needsLabels: true },
  { check: 'segment_drift', statistic: 'slow_calls', counted: { of: 'slow', aboveMs: 250 } },
] as const; // prettier-ignore
const CALLS: ConstraintOf<'calls'> = { rule: 'calls', name: 'calls:slow', check: 'service', feature: null, statistic: 'slow_calls', part: 'slow', aboveMs: 250 }; // prettier-ignore
const rulesOf = (segments: readonly Segment[]) =>
  segments.flatMap((value) =>
    COUNTED.map((one): ConstraintOf<'segment'> => {
      const segment = `channel=${value}`;
      const place = { rule: 'segment', feature: null, segment, attribute: 'channel', value } as const;
      return { ...place, ...one, name: `${segment}:${one.statistic}` };
    }),
  );

interface Traffic {
  readonly segments: readonly Segment[];
  readonly rate: number;
  /** Of each segment: its rows are the same whatever others there are. */
  readonly randoms: readonly (() => number)[];
}

const trafficOf = (segments: readonly Segment[], rate: number, seed: number): Traffic => ({
  segments,
  rate,
  randoms: segments.map((_, i) => seeded(SEGMENTS.length * seed + i)),
});

/** Counts of the rows of an hour, by segment and in all; the first segment's answers are wrong, and its calls slow, at rates of their own. */
function windowOf({ segments, rate, randoms }: Traffic, hour: number, first: Partial<typeof CHANGED> = {}): WindowProfile {
  const { wrong = rate, slow = SLOW } = first;
  const mean = ROWS * (1 + SWING * Math.sin((2 * Math.PI * hour) / 24));
  const counts = segments.map((name, i) => {
    const random = randoms[i] ?? seeded(i);
    const normal = normals(random);
    const drawn = (trials: number, share: number) => Array.from({ length: trials }).filter(() => random() < share).length;
    const n = Math.max(0, Math.round(mean + normal() * Math.sqrt(mean)));
    const scores = n * rate + normal() * 0.1 * Math.sqrt(n * rate * (1 - rate));
    const squares = n * (rate * rate + 0.01 * rate * (1 - rate));
    return { name, n, sums: [[scores, squares], same(drawn(n, INCOMPLETE)), same(n), same(drawn(n, i === 0 ? wrong : rate)), same(drawn(n, i === 0 ? slow : SLOW))] };
  });
  const total = (of: (one: (typeof counts)[number]) => number) => counts.reduce((sum, one) => sum + of(one), 0);
  const all = total(({ n }) => n);
  const measures = counts.flatMap(({ name, n, sums }) =>
    COUNTED.map(({ statistic }, i): [string, Measure] => {
      const [sum = 0, sumSquares = 0] = sums[i] ?? [];
      const [otherSum, otherSquares] = [0, 1].map((part) => total((one) => one.sums[i]?.[part] ?? 0)) as [number, number];
      return [`channel=${name}:${statistic}`, { kind: 'sides', n, sum, sumSquares, otherN: all - n, otherSum: otherSum - sum, otherSquares: otherSquares - sumSquares }];
    }),
  );
  const errors = total(({ sums }) => sums[3]?.[0] ?? 0);
  const performance = { ...NO_LABELS, labelled: all, correct: all - errors };
  const late: Measure = { kind: 'rate', hits: total(({ sums }) => sums[4]?.[0] ?? 0), trials: all };
  return { ...EMPTY_PROFILE, predictions: all, performance, measures: { ...Object.fromEntries(measures), [CALLS.name]: late } };
} // prettier-ignore

const same = (count: number) => [count, count];

/** A model with its reference, judged window by window with its part of the budget of the fleet. */
function modelOf(traffic: Traffic) {
  const usual = Array.from({ length: REFERENCE_HOURS }, (_, hour) => windowOf(traffic, hour));
  const baseline = syntheticBaseline({}, usual, { rules: [CALLS, ...rulesOf(traffic.segments)] });
  const model = syntheticModel();
  const fitted = fitBaseline(model, baseline);
  const budget = { ...FLEET_BUDGET, share: 1 / MODELS };
  let state: SeriesState | null = null;
  return (hour: number, first?: Partial<typeof CHANGED>): readonly CheckResult[] => {
    const profile = windowOf(traffic, hour, first);
    const input = { model, baseline, fitted, profile, state, budget, window: syntheticWindow(hour) };
    const checked = runChecks(input);
    state = checked.state;
    return checked.results;
  };
}

/** Alerts that began in thirty days in which nothing changed. */
function calm(rate: number, seed: number): { readonly pages: number; readonly notices: number } {
  const judge = modelOf(trafficOf(SEGMENTS, rate, seed));
  const began = { pages: 0, notices: 0 };
  let open = new Set<string>();
  for (let hour = REFERENCE_HOURS; hour < REFERENCE_HOURS + HOURS; hour += 1) {
    const now = new Set<string>();
    for (const { check, segment, statistic, state, explainedBy } of judge(hour)) {
      if ((state !== 'ALERT' && state !== 'NOTICE') || explainedBy) continue;
      const key = [check, segment, statistic, state].join('\0');
      now.add(key);
      if (!open.has(key)) began[state === 'ALERT' ? 'pages' : 'notices'] += 1;
    }
    open = now;
  }
  return began;
}

/** What says of a segment, and of all rows, that its answers are wrong more often, or its calls slow. */
const SAID = {
  wrong: { own: 'segment_performance error_rate', all: 'concept_drift error_rate' },
  slow: { own: 'segment_drift slow_calls', all: 'service slow_calls' },
} as const;

/** Windows until a change of one segment is found: of a model of which it is a fifth, and where it is all. */
function delay(what: Changed, seed: number, segments: readonly Segment[]): number | null {
  const judge = modelOf(trafficOf(segments, USUAL, seed));
  const isFound = ({ check, statistic, segment, state }: CheckResult) =>
    state === 'ALERT' &&
    (segments.length > 1
      ? `${check} ${statistic}` === SAID[what].own && segment === 'channel=a'
      : `${check} ${statistic}` === SAID[what].all && segment === undefined);
  for (let i = 1; i <= MOST_WINDOWS; i += 1)
    if (judge(REFERENCE_HOURS + i - 1, { [what]: CHANGED[what] }).some(isFound)) return i;
  return null;
}

/** Null where one of them was never found. */
function mean(values: readonly (number | null)[]): number | null {
  const sum = values.reduce<number>((all, value) => all + (value ?? Infinity), 0);
  return Number.isFinite(sum) ? sum / values.length : null;
}

const percent = (share: number) => Math.round(100 * share);

function budgetTable(quick: boolean, first: number): Part {
  const models = quick ? 4 : MODELS;
  const found = Array.from({ length: models }, (_, i) => {
    const rate = i % 2 === 0 ? USUAL : RARE;
    return { rate, ...calm(rate, first + i) };
  });
  const of = (rate: number) => found.filter((one) => one.rate === rate);
  const sum = (some: typeof found, what: 'pages' | 'notices') => some.reduce((all, one) => all + one[what], 0);
  const allowed = (models / MODELS) * (DAYS / FLEET_BUDGET.pageDays);
  const rows = [USUAL, RARE].map((rate) => [
    rate === RARE ? 'one positive in a hundred' : 'one answer in ten is wrong',
    String(of(rate).length),
    String(sum(of(rate), 'pages')),
    String(sum(of(rate), 'notices')),
  ]);
  const table = {
    title: `budget: alerts that began in ${DAYS} days in which nothing changed, ${models} of ${MODELS} models × ${SEGMENTS.length} segments × ${COUNTED.length} series, hourly; ${allowed.toFixed(1)} pages are allowed`,
    columns: ['models', 'how many', 'pages', 'notices'],
    rows,
  };
  return { table, numbers: { pages: sum(found, 'pages'), allowed, notices: sum(found, 'notices') } };
} // prettier-ignore

function powerTable(quick: boolean, first: number): Part {
  const runs = quick ? 5 : 20;
  const delays = (what: Changed, segments: readonly Segment[]) => mean(Array.from({ length: runs }, (_, i) => delay(what, first + 1000 + i, segments)));
  const [within, alone] = [delays('wrong', SEGMENTS), delays('wrong', ['a'])];
  const [slowWithin, slowAlone] = [delays('slow', SEGMENTS), delays('slow', ['a'])];
  const text = (windows: number | null) => (windows === null ? `not always within ${MOST_WINDOWS}` : windows.toFixed(1));
  const table = {
    title: `a segment's error rate rises from ${percent(USUAL)} to ${percent(CHANGED.wrong)} %, or its slow calls from ${percent(SLOW)} to ${percent(CHANGED.slow)} %: mean windows of ${ROWS} rows of it until it is found and named (${runs} runs)`,
    columns: ['segment', 'wrong answers', 'slow calls'],
    rows: [['a fifth of the rows', text(within), text(slowWithin)], ['all rows of its model', text(alone), text(slowAlone)]],
  };
  return { table, numbers: { 'windows within': within, 'windows alone': alone, 'windows within, slow': slowWithin, 'windows alone, slow': slowAlone } };
} // prettier-ignore

interface Part {
  readonly table: BenchTable;
  readonly numbers: Readonly<Record<string, number | null>>;
}

const PARTS = { budget: budgetTable, power: powerTable };

/** Whether the budget of the fleet holds with segments, rare positives among them (`budget`), and whether a change of one segment is found as soon as where it is alone (`power`). */
export async function run({ quick, seed, only }: BenchOptions): Promise<BenchReport> {
  const asked = Object.entries(PARTS).filter(([name]) => only.length === 0 || only.includes(name));
  const parts = asked.map(([, part]) => part(quick, seed ?? SEED));
  const numbers = Object.assign({}, ...parts.map((part) => part.numbers)) as Part['numbers'];
  const notes = [`each model has one ${MODELS}th of a budget of one page in ${FLEET_BUDGET.pageDays} days`];
  return Promise.resolve({ bench: 'segments', tables: parts.map(({ table }) => table), numbers, notes });
}
