import type { WholeBaseline } from '../../src/domain/baseline.js';
import type { Measure } from '../../src/domain/measure.js';
import type { Constraint, ConstraintOf } from '../../src/domain/constraint.js';
import { Model } from '../../src/domain/model.js';
import { FARTHEST } from '../../src/domain/multivariate-rule.js';
import type { WindowProfile } from '../../src/domain/profile.js';
import { fitBaseline } from '../../src/checks/fit-baseline.js';
import { runChecks } from '../../src/checks/run-checks.js';
import type { SeriesState } from '../../src/checks/series-state.js';
import { classifyWindow, type PackedRows, packRows } from '../../src/profiles/classify-window.js';
import { mineMultivariate } from '../../src/constraints/mine-together.js';
import { classifierColumns } from '../../src/constraints/standard-columns.js';
import { EMPTY_PROFILE } from '../../src/profiles/profile-row.js';
import { domainClassifier } from '../../src/stats/domain-classifier.js';
import { principalComponents, rowDistance } from '../../src/stats/principal-components.js';
import { gaussian, generator } from './detection/generator.js';
import type { BenchOptions, BenchReport } from './report.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 5);
const ROWS = 150;
const RUN = 12;
const LONGEST = 24 * 7;
const MODELS = { full: 20, quick: 4 } as const;
const REPETITIONS = { full: 20, quick: 5 } as const;
const SEED = 4711;

/** How rows are made: one common factor, a level that follows the hour, one feature that is skewed. */
interface Law {
  readonly season: boolean;
  /** Correlation of the first two features; 0.36 by the common factor as a rule. */
  readonly pair: number;
  /** Share of the common factor in the variance of all features. */
  readonly common: number;
  readonly rows: number;
  readonly features: number;
  readonly days: number;
  /** Standard deviation of a level that two features share, with an autocorrelation of a half. */
  readonly wander: number;
}
const CALM: Law = { season: false, pair: 0.36, common: 0.36, rows: ROWS, features: 6, days: 21, wander: 0 };
/** What is ordinary together: the budget is held on all of it. */
const NULLS: readonly (readonly [name: string, law: Law])[] = [
  ['iid', CALM],
  ['daily season of level and of volume', { ...CALM, season: true }],
  ['two of twenty share a level that wanders', { ...CALM, common: 0, pair: 0, rows: 300, features: 20, days: 14, wander: 0.05 }],
]; // prettier-ignore
const PERSISTENCE = 0.5;

/** The changes, none of which moves a feature by itself. */
const CHANGES: readonly (readonly [name: string, change: Partial<Law>])[] = [
  ['correlation of two, 0.36 to 0.1', { pair: 0.1 }],
  ['correlation of two, 0.36 to -0.36', { pair: -0.36 }],
  ['correlation of two, 0.36 to 0.9', { pair: 0.9 }],
  ['nothing in common any more, 0.36 to 0', { common: 0, pair: 0 }],
];

type Row = readonly number[];

const namesOf = ({ features }: Law) => Array.from({ length: features }, (_, j) => `f${j}`);

function drawWindow(law: Law, hour: number, shared: number, random: () => number): Row[] {
  const angle = (2 * Math.PI * (hour % 24)) / 24;
  const level = law.season ? 0.3 * Math.sin(angle) : 0;
  const count = law.season ? Math.round(law.rows * (1 + 0.6 * Math.sin(angle + 1))) : law.rows;
  return Array.from({ length: count }, () => {
    const factor = gaussian(random);
    const values = Array.from(
      { length: law.features },
      () => Math.sqrt(law.common) * factor + Math.sqrt(1 - law.common) * gaussian(random),
    );
    values[1] = law.pair * (values[0] ?? 0) + Math.sqrt(1 - law.pair ** 2) * gaussian(random);
    if (law.wander > 0) {
      values[4] = (values[4] ?? 0) + shared;
      values[5] = (values[5] ?? 0) + shared;
      values[0] = (values[0] ?? 0) + 0.3 * Math.sin(angle);
    }
    return values.map((x, j) => (j === 3 ? Math.exp(x + level) : x + level));
  });
}

/** The next value of the level that is shared. */
function nextLevel({ wander }: Law, level: number, random: () => number): number {
  return wander === 0 ? 0 : PERSISTENCE * level + wander * Math.sqrt(1 - PERSISTENCE ** 2) * gaussian(random);
}

/** Draws windows one after the other, for the level wanders from each to the next. */
class Draws {
  private level = 0;

  next(law: Law, hour: number, random: () => number): Row[] {
    this.level = nextLevel(law, this.level, random);
    return drawWindow(law, hour, this.level, random);
  }
}

/** What a reference of a law has in common, mined from its rows. */
interface Mined {
  readonly draws: Draws;
  readonly reference: readonly Row[][];
  readonly columns: ConstraintOf<'classifier'>['columns'];
  readonly found: readonly Constraint[];
}

async function mined(law: Law, random: () => number): Promise<Mined> {
  const draws = new Draws();
  const reference = Array.from({ length: 24 * law.days }, (_, hour) => draws.next(law, hour, random));
  const all = reference.flat();
  const names = namesOf(law);
  const numbers = new Map(names.map((name, j) => [name, Float64Array.from(all, (row) => row[j] ?? NaN)]));
  const numeric = { kind: 'numeric', edges: [], quantiles: [0, 0, 0, 0, 0], integer: false } as const;
  const features = Object.fromEntries(names.map((name) => [name, numeric]));
  const sample = { rows: all.length, numbers, texts: new Map() };
  const turn = async () => Promise.resolve();
  const { rules: found } = await mineMultivariate({ sample, features, rowsPerWindow: law.rows, turn });
  return { draws, reference, columns: classifierColumns(features), found };
}

/** A model with what is frozen of its reference, measured as the engine's statements measure it. */
class Together {
  readonly model = Model.parse({ key: 'together', task: 'regression' });
  readonly rules: readonly Constraint[];
  private readonly sample: PackedRows;
  private readonly classifier: ConstraintOf<'classifier'>;
  private readonly baseline: WholeBaseline;
  private readonly fitted;
  private readonly names: readonly string[];
  private readonly hours: number;
  private readonly draws: Draws;

  static async of(law: Law, random: () => number): Promise<Together> {
    return new Together(law, await mined(law, random), random);
  }

  private constructor(law: Law, { draws, reference, columns, found }: Mined, random: () => number) {
    this.names = namesOf(law);
    this.hours = 24 * law.days;
    this.draws = draws;
    const all = reference.flat();
    const statistic = 'domain_classifier';
    this.classifier = { rule: 'classifier', name: statistic, check: 'multivariate', feature: null, statistic, columns, sample: '' }; // prettier-ignore
    this.rules = [...found, this.classifier];
    const kept = 10_000 / all.length;
    this.sample = packRows(
      reference.flatMap((rows, hour) =>
        classifierRows(
          rows.filter(() => random() < kept),
          hour,
        ),
      ),
      law.features,
    );
    const last = this.hours - RUN;
    const runs = Array.from({ length: 10 }, (_, i) => Math.round((i * last) / 9));
    const windows = reference.map((rows, hour) => {
      const classified = runs.some((first) => hour >= first && hour < first + RUN);
      return { from: at(hour), to: at(hour + 1), profile: this.profile(rows, hour, classified) };
    });
    this.baseline = {
      id: 'b', model: 'together', source: { file: 'x' }, fingerprint: 'f', pinnedAt: at(0), rows: all.length, features: {},
      rules: this.rules, reference: EMPTY_PROFILE, windows,
    }; // prettier-ignore
    this.fitted = fitBaseline(this.model, this.baseline);
  }

  /** Hours after the reference at which each statistic begins to alert, up to `hours`; stops at the first if `stop`. */
  monitor(law: Law, hours: number, random: () => number, stop: boolean): Alert[] {
    const alerts: Alert[] = [];
    let open = new Set<string>();
    let state: SeriesState | null = null;
    for (let i = 0; i < hours; i += 1) {
      const hour = this.hours + i;
      const window = { model: 'together', version: '1', from: at(hour), to: at(hour + 1), revision: 0 };
      const profile = this.profile(this.draws.next(law, hour, random), hour, true);
      const budget = { pageDays: 30, noticeDays: 3, share: 1 };
      const out = runChecks({
        model: this.model,
        baseline: this.baseline,
        fitted: this.fitted,
        window,
        profile,
        state,
        budget,
      });
      state = out.state;
      const now = out.results.filter(({ check, state: is }) => check === 'multivariate' && is === 'ALERT');
      alerts.push(
        ...now
          .filter(({ statistic }) => !open.has(statistic))
          .map(({ statistic }) => ({ hour: i, statistic })),
      );
      if (stop && alerts.length > 0) return alerts;
      open = new Set(now.map(({ statistic }) => statistic));
    }
    return alerts;
  }

  private profile(rows: readonly Row[], hour: number, classified: boolean): WindowProfile {
    const measures = Object.fromEntries(this.rules.flatMap((rule) => measured(rule, rows, this.names)));
    const packed = packRows(classifierRows(rows, hour), this.names.length);
    const value = classified ? classifyWindow(this.classifier, packed, this.sample) : null;
    const own = value ? { ...measures, [this.classifier.name]: value } : measures;
    return { ...EMPTY_PROFILE, predictions: rows.length, measures: own };
  }
}

const at = (hour: number) => new Date(START + hour * HOUR);
const slotOf = (hour: number) => (hour % 24) + (Math.floor(hour / 24) % 7 >= 5 ? 24 : 0);
const classifierRows = (rows: readonly Row[], hour: number) =>
  rows.map((numbers) => ({ start: hour * 3600, slot: slotOf(hour), numbers }));

function measured(rule: Constraint, rows: readonly Row[], names: readonly string[]): [string, Measure][] {
  const z = (column: ConstraintOf<'correlation'>['a'], row: Row) =>
    Math.max(
      -FARTHEST,
      Math.min(FARTHEST, ((row[names.indexOf(column.feature)] ?? 0) - column.mean) / column.sd),
    );
  if (rule.rule === 'correlation') {
    const sums = { n: rows.length, sumX: 0, sumY: 0, sumXX: 0, sumYY: 0, sumXY: 0 };
    for (const row of rows) {
      const [x, y] = [z(rule.a, row), z(rule.b, row)];
      sums.sumX += x;
      sums.sumY += y;
      sums.sumXX += x * x;
      sums.sumYY += y * y;
      sums.sumXY += x * y;
    }
    return [[rule.name, { kind: 'pair', ...sums }]];
  }
  if (rule.rule !== 'component') return [];
  const distances = rows.map(
    (row) =>
      rowDistance(
        rule.columns.map((column) => z(column, row)),
        { ...rule, explained: 1 },
      )[rule.part],
  );
  const total = (of: (x: number) => number) => distances.reduce((sum, x) => sum + of(x), 0);
  return [
    [rule.name, { kind: 'mean', n: rows.length, sum: total((x) => x), sumSquares: total((x) => x * x) }],
  ];
}

interface Alert {
  readonly hour: number;
  readonly statistic: string;
}

const STATISTICS = ['correlations', 'reconstruction_error', 'hotelling_t2', 'domain_classifier'] as const;
const kindOf = (statistic: string) => (statistic.startsWith('correlation:') ? 'correlations' : statistic);

/** CPU milliseconds, the median of a few runs. */
function cpuMs(work: () => unknown): number {
  const took = Array.from({ length: 7 }, () => {
    const started = process.cpuUsage();
    work();
    const used = process.cpuUsage(started);
    return (used.user + used.system) / 1000;
  });
  return took.toSorted((a, b) => a - b)[3] ?? Infinity;
}

/** Calm and changes that no feature shows by itself, through the real fit and the real checks; and what the mathematics costs. */
export async function run({ json, quick }: BenchOptions): Promise<BenchReport> {
  const say = (text: string) => void (json || process.stderr.write(`${text}\n`));
  const size = quick ? 'quick' : 'full';
  const nulls: { readonly name: string; readonly alerts: readonly string[] }[] = [];
  for (const [i, [name, law]] of NULLS.entries()) {
    const alerts: Alert[] = [];
    for (let m = 0; m < MODELS[size] / 2; m += 1) {
      const random = generator(SEED + 2 * m + i);
      alerts.push(...(await Together.of(law, random)).monitor(law, 24 * 30, random, false));
    }
    say(`null ${name}: ${alerts.map(({ hour, statistic }) => `${statistic} ${hour}`).join(' ')}`);
    nulls.push({ name, alerts: alerts.map(({ statistic }) => kindOf(statistic)) });
  }
  const powers: { readonly name: string; readonly first: readonly (Alert | null)[] }[] = [];
  for (const [i, [name, change]] of CHANGES.entries()) {
    const first: (Alert | null)[] = [];
    for (let r = 0; r < REPETITIONS[size]; r += 1) {
      const random = generator(SEED + 10_000 + 100 * i + r);
      const model = await Together.of(CALM, random);
      first.push(model.monitor({ ...CALM, ...change }, LONGEST, random, true)[0] ?? null);
    }
    say(`power ${name}: ${first.map((alert) => alert?.hour ?? '-').join(' ')}`);
    powers.push({ name, first });
  }
  const delays = (first: readonly ({ hour: number } | null)[]) =>
    first.map((alert) => (alert === null ? Infinity : alert.hour + 1)).toSorted((a, b) => a - b);
  const samples = (rows: number, columns: number, seed: number) => {
    const random = generator(seed);
    return Array.from({ length: columns }, () => Float64Array.from({ length: rows }, () => gaussian(random)));
  };
  const classifier = cpuMs(() =>
    domainClassifier({ first: samples(2000, 30, 1), second: samples(2000, 30, 2), seed: 3 }),
  );
  const drawing = cpuMs(() => [samples(2000, 30, 1), samples(2000, 30, 2)]);
  const matrix = Array.from({ length: 100 }, (_, i) =>
    Array.from({ length: 100 }, (_unused, j) => 0.7 ** Math.abs(i - j)),
  );
  const components = cpuMs(() => principalComponents(matrix));
  const months = MODELS[size] / 2;
  return Promise.resolve({
    bench: 'together',
    tables: [
      {
        title: `False alerts in ${months} model-months each (budget of the engine: ${months})`,
        columns: ['null stream', ...STATISTICS],
        rows: nulls.map(({ name, alerts }) => [
          name,
          ...STATISTICS.map((kind) => String(alerts.filter((alert) => alert === kind).length)),
        ]),
      },
      {
        title: `Windows until the first alert, and which statistic it was (${REPETITIONS[size]} repetitions)`,
        columns: ['change that no feature shows by itself', 'median', 'slowest', ...STATISTICS],
        rows: powers.map(({ name, first }) => {
          const sorted = delays(first);
          const text = (x: number | undefined) =>
            x === undefined || x === Infinity ? `> ${LONGEST}` : String(x);
          const by = STATISTICS.map(
            (kind) => first.filter((alert) => alert && kindOf(alert.statistic) === kind).length,
          );
          return [name, text(sorted[Math.floor(sorted.length / 2)]), text(sorted.at(-1)), ...by.map(String)];
        }),
      },
      {
        title: 'Cost',
        columns: ['what', 'CPU ms'],
        rows: [
          ['classifier, 2000 against 2000 rows of 30 columns', (classifier - drawing).toFixed(0)],
          ['principal components of 100 columns', components.toFixed(0)],
        ],
      },
    ],
    numbers: {
      falseAlerts: nulls.reduce((sum, { alerts }) => sum + alerts.length, 0),
      classifierMs: classifier - drawing,
      componentsMs: components,
    },
    notes: [],
  });
}
