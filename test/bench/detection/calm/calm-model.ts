import type {
  WholeBaseline,
  FeatureBaseline,
  NumericBaseline,
  ReferenceWindow,
} from '../../../../src/domain/baseline.js';
import { Model } from '../../../../src/domain/model.js';
import { type FeatureProfile, NO_LABELS, type WindowProfile } from '../../../../src/domain/profile.js';
import { MOST_EMPTY } from '../../../../src/domain/judged-empty.js';
import { fitBaseline } from '../../../../src/checks/fit-baseline.js';
import type { FittedBaseline } from '../../../../src/checks/fitted-baseline.js';
import { mergeFeatures } from '../../../../src/checks/merge-profiles.js';
import { runChecks } from '../../../../src/checks/run-checks.js';
import type { SeriesState } from '../../../../src/checks/series-state.js';
import { generator, numericBaseline, profileOf } from '../generator.js';
import { type CalmFeature, type CalmKind, MISTYPED, type Moment } from './calm-kind.js';
import { type CategoryCodes, categoricalReference, categoryProfile } from './category-profile.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MONDAY = Date.UTC(2024, 0, 1);
const FEATURES = 16;
/** Values of a window that shape the edges. */
const SAMPLED = 200;

/** A series that began to alert. */
export interface Page {
  readonly from: Date;
  readonly series: string;
  readonly explanation: string | null;
}

/** A model whose streams are of one kind of calm, with its fitted reference, ready to be monitored. */
export class CalmModel {
  readonly model: Model;
  readonly baseline: WholeBaseline;
  readonly fitted: FittedBaseline;
  readonly notices: string[] = [];
  private readonly random: () => number;
  private readonly sources: readonly (readonly [name: string, feature: CalmFeature])[];
  private readonly codes = new Map<string, CategoryCodes>();
  private readonly widthMs: number;
  private readonly referenceWindows: number;

  constructor(
    private readonly kind: CalmKind,
    seed: number,
  ) {
    this.widthMs = kind.windowMs ?? HOUR;
    this.model = Model.parse({
      key: 'calm',
      task: 'regression',
      window: `${this.widthMs / 60_000}m`,
      ...kind.model,
    });
    this.random = generator(seed);
    this.sources = Array.from({ length: kind.features ?? FEATURES }, (_, i) => {
      const feature = kind.feature(i, this.random);
      return [feature.name ?? `f${i}`, feature] as const;
    });
    this.referenceWindows = ((kind.referenceDays ?? 30) * DAY) / this.widthMs;
    this.baseline = this.reference();
    this.fitted = fitBaseline(this.model, this.baseline);
  }

  /** Everything that pages in the days after the reference, with the whole budget of a fleet. */
  pages(): readonly Page[] {
    const pages: Page[] = [];
    let state: SeriesState | null = null;
    let open = new Set<string>();
    const windows = ((this.kind.days ?? 30) * DAY) / this.widthMs;
    let empty = 0;
    for (let i = 0; i < windows; i += 1) {
      const at = this.moment(this.referenceWindows + i);
      const profile = this.profile(this.draw(at), this.baseline.features);
      empty = profile.predictions > 0 ? 0 : empty + 1;
      // Nor does the service judge the rest of a long silence.
      if (empty > MOST_EMPTY) continue;
      const window = {
        model: 'calm',
        version: '1',
        from: at.from,
        to: new Date(at.from.getTime() + this.widthMs),
        revision: 0,
      };
      const budget = { pageDays: 30, noticeDays: 3, share: 1 };
      const { model, baseline, fitted } = this;
      const output = runChecks({ model, baseline, fitted, window, profile, state, budget });
      ({ state } = output);
      const now = new Set<string>();
      for (const { state: verdict, check, feature, statistic, explanation } of output.results) {
        const series = `${check}|${feature ?? ''}|${statistic}`;
        if (verdict === 'NOTICE') this.notices.push(series);
        if (verdict !== 'ALERT') continue;
        now.add(series);
        if (!open.has(series)) pages.push({ from: at.from, series, explanation });
      }
      open = now;
    }
    return pages;
  }

  private moment(t: number): Moment {
    const from = new Date((this.kind.start ?? MONDAY) + t * this.widthMs);
    return {
      t,
      hour: from.getUTCHours() + from.getUTCMinutes() / 60,
      day: Math.floor((t * this.widthMs) / DAY),
      weekday: (from.getUTCDay() + 6) % 7,
      live: t >= this.referenceWindows,
      from,
      widthMs: this.widthMs,
    };
  }

  private draw(at: Moment): Drawn {
    const rows = this.kind.rows(at, this.random);
    return { rows, values: this.sources.map(([, feature]) => feature.draw(at, rows)) };
  }

  private profile({ rows, values }: Drawn, known: WholeBaseline['features']): WindowProfile {
    const features: Record<string, FeatureProfile> = {};
    this.sources.forEach(([name], i) => {
      const baseline = known[name];
      if (baseline && rows > 0)
        features[name] = this.featureProfile(name, values[i] ?? new Float64Array(), baseline);
    });
    // Traffic that grows is a change of its own, which another version speaks for where it is not the question.
    const modelRows = this.kind.grows ? { modelRows: null } : {};
    return {
      predictions: rows,
      ...modelRows,
      features,
      unknownFeatures: [],
      performance: NO_LABELS,
      measures: {},
    };
  }

  private featureProfile(name: string, values: Float64Array, baseline: FeatureBaseline): FeatureProfile {
    const mistyped = values.filter((value) => value === MISTYPED).length;
    const typed = values.filter(Number.isFinite);
    const codes = this.codes.get(name);
    const own = codes
      ? categoryProfile(typed, codes)
      : profileOf(typed, baseline.kind === 'numeric' ? baseline.edges : []);
    return { ...own, rows: values.length, mistyped, nulls: values.length - typed.length - mistyped };
  }

  /** The reference as a pinned baseline holds it. */
  private reference(): WholeBaseline {
    const moments = Array.from({ length: this.referenceWindows }, (_, t) => this.moment(t));
    const drawn = moments.map((at) => this.draw(at));
    const features = Object.fromEntries(
      this.sources.map(([name, { kind }], i): [string, FeatureBaseline] => {
        const values = drawn.map((window) => window.values[i] ?? new Float64Array());
        if (kind === 'numeric') return [name, numericReference(values)];
        const { baseline, codes } = categoricalReference(values);
        this.codes.set(name, codes);
        return [name, baseline];
      }),
    );
    // As the store has it: a window without rows is not there.
    const windows = moments.flatMap(({ from }, t): ReferenceWindow[] => {
      const own = drawn[t];
      if (!own || own.rows === 0) return [];
      const to = new Date(from.getTime() + this.widthMs);
      return [{ from, to, profile: this.profile(own, features) }];
    });
    return {
      id: 'calm',
      model: 'calm',
      source: { learn: this.referenceWindows * this.widthMs },
      fingerprint: 'calm',
      pinnedAt: new Date(MONDAY),
      rows: drawn.reduce((rows, window) => rows + window.rows, 0),
      features,
      rules: [],
      reference: windows.map(({ profile }) => profile).reduce(together),
      windows,
    };
  }
}

interface Drawn {
  readonly rows: number;
  readonly values: readonly Float64Array[];
}

function numericReference(windows: readonly Float64Array[]): NumericBaseline {
  const sample = windows.flatMap((values) => [...values.filter(Number.isFinite).subarray(0, SAMPLED)]);
  const baseline = numericBaseline(Float64Array.from(sample).sort());
  return { ...baseline, edges: [...new Set(baseline.edges)], integer: sample.every(Number.isInteger) };
}

function together(a: WindowProfile, b: WindowProfile): WindowProfile {
  const features = Object.entries(b.features).map(([name, profile]) => {
    const before = a.features[name];
    return [name, before ? mergeFeatures(before, profile) : profile];
  });
  return { ...a, predictions: a.predictions + b.predictions, features: Object.fromEntries(features) };
}
