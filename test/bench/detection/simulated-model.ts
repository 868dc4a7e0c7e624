import type { WholeBaseline } from '../../../src/domain/baseline.js';
import { Model } from '../../../src/domain/model.js';
import { NO_LABELS, type FeatureProfile, type WindowProfile } from '../../../src/domain/profile.js';
import { type FitOptions, fitBaseline } from '../../../src/checks/fit-baseline.js';
import type { FittedBaseline } from '../../../src/checks/fitted-baseline.js';
import { mergeFeatures } from '../../../src/checks/merge-profiles.js';
import { allotBudget } from '../../../src/checks/budget.js';
import { DAILY_SHARE } from '../../../src/checks/daily-companion.js';
import { runChecks } from '../../../src/checks/run-checks.js';
import type { SeriesState } from '../../../src/checks/series-state.js';
import {
  type Drift,
  Feature,
  generator,
  numericBaseline,
  profileOf,
  rowsAt,
  type Weather,
} from './generator.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2024, 0, 1);

export interface Simulation {
  readonly weather: Weather;
  readonly features: number;
  readonly rows: number;
  readonly referenceDays: number;
  readonly seed: number;
  readonly fit?: FitOptions;
  /** The longest season the data can have; a week where not said. */
  readonly season?: Model['season'];
  /** Factor on the rows of every window after the reference. */
  readonly surge?: number;
}

/** Called with the raw values of every window, for rules that want them. */
export type Watch = (feature: number, t: number, values: Float64Array) => void;

/** A model of simulated features with its fitted baseline, ready to be monitored window by window. */
export class SimulatedModel {
  readonly model: Model;
  readonly baseline: WholeBaseline;
  readonly fitted: FittedBaseline;
  readonly referenceWindows: number;
  readonly fitMs: number;
  private readonly sources: readonly Feature[];
  private readonly random: () => number;

  constructor(
    private readonly simulation: Simulation,
    private readonly watch: Watch | null = null,
  ) {
    const { season } = simulation;
    this.model = Model.parse({ key: 'simulated', task: 'binary', positive: 'yes', season });
    this.random = generator(simulation.seed);
    this.sources = Array.from(
      { length: simulation.features },
      (_, i) => new Feature(simulation.weather, this.random, i),
    );
    this.referenceWindows = 24 * simulation.referenceDays;
    this.baseline = this.makeBaseline();
    const started = performance.now();
    this.fitted = fitBaseline(this.model, this.baseline, simulation.fit);
    this.fitMs = performance.now() - started;
  }

  /**
   * Monitors `hours` windows. The drift series of the model together may page `drifts` times in 30 days, as in the specification's
   * simulation, which has no other series. Calls `alerted` for every drift series that opens, with its feature and the hour.
   * A drift starts at hour `onset` in all features.
   */
  monitor(
    {
      hours,
      drifts,
      drift = null,
      onset = 0,
    }: { hours: number; drifts: number; drift?: Drift | null; onset?: number },
    alerted: (feature: number, hour: number, statistic: string) => boolean | void,
  ): void {
    const budget = { pageDays: 30, noticeDays: 3, share: drifts / this.driftShare() };
    let state: SeriesState | null = null;
    let open = new Set<string>();
    for (let hour = 0; hour < hours; hour += 1) {
      const t = this.referenceWindows + hour;
      const apply =
        drift && hour >= onset ? (value: number) => drift.apply(value, hour - onset, this.random) : null;
      const profile = this.window(t, apply);
      const from = new Date(START + t * HOUR);
      const window = {
        model: 'simulated',
        version: '1',
        from,
        to: new Date(from.getTime() + HOUR),
        revision: 0,
      };
      const output = runChecks({
        model: this.model,
        baseline: this.baseline,
        fitted: this.fitted,
        window,
        profile,
        state,
        budget,
      });
      ({ state } = output);
      const now = new Set<string>();
      for (const { state: verdict, check, feature, statistic } of output.results) {
        if (verdict !== 'ALERT' || check !== 'feature_drift') continue;
        const key = `${check}|${feature}|${statistic}`;
        now.add(key);
        if (!open.has(key) && alerted(Number(feature?.slice(1)), hour, `${check}/${statistic}`) === true)
          return;
      }
      open = now;
    }
  }

  /** The part of a model's budget that its drift series have. */
  private driftShare(): number {
    const { daily } = this.fitted;
    const own = driftPart(this.fitted);
    return daily ? (1 - DAILY_SHARE) * own + DAILY_SHARE * driftPart(daily.fitted) : own;
  }

  private window(t: number, drift: ((value: number) => number) | null): WindowProfile {
    const rows = rowsAt(this.simulation.weather, t, this.simulation.rows) * (this.simulation.surge ?? 1);
    const features: Record<string, FeatureProfile> = {};
    this.sources.forEach((source, i) => {
      const values = source.draw(t, rows, drift);
      this.watch?.(i, t, values);
      const baseline = this.baseline.features[`f${i}`];
      if (baseline?.kind === 'numeric') features[`f${i}`] = profileOf(values, baseline.edges);
    });
    return { predictions: rows, features, unknownFeatures: [], performance: NO_LABELS, measures: {} };
  }

  private makeBaseline(): WholeBaseline {
    const { weather, rows } = this.simulation;
    const incidentAt = Math.floor(this.referenceWindows / 2);
    const counts = Array.from({ length: this.referenceWindows }, (_, t) => rowsAt(weather, t, rows));
    const profiles: Record<string, FeatureProfile>[] = counts.map(() => ({}));
    const features: Record<string, WholeBaseline['features'][string]> = {};
    const reference: Record<string, FeatureProfile> = {};
    this.sources.forEach((source, i) => {
      const drawn = counts.map((count, t) => {
        const incident = weather.incident && t >= incidentAt && t < incidentAt + 6 ? 1 : 0;
        return source.draw(t, count, null, incident);
      });
      const sample = new Float64Array(drawn.reduce((sum, values) => sum + Math.min(values.length, 60), 0));
      let at = 0;
      for (const values of drawn) {
        sample.set(values.subarray(0, 60), at);
        at += Math.min(values.length, 60);
      }
      const baseline = numericBaseline(sample.toSorted());
      features[`f${i}`] = baseline;
      drawn.forEach((values, t) => {
        this.watch?.(i, t, values);
        const profile = profileOf(values, baseline.edges);
        const own = profiles[t];
        if (own) own[`f${i}`] = profile;
        const sum = reference[`f${i}`];
        reference[`f${i}`] = sum ? mergeFeatures(sum, profile) : profile;
      });
    });
    const total = counts.reduce((sum, count) => sum + count, 0);
    return {
      id: 'simulated',
      model: 'simulated',
      source: { since: new Date(START), until: new Date(START + this.referenceWindows * HOUR) },
      fingerprint: 'simulated',
      pinnedAt: new Date(START),
      rows: total,
      features,
      rules: [],
      reference: {
        predictions: total,
        features: reference,
        unknownFeatures: [],
        performance: NO_LABELS,
        measures: {},
      },
      windows: counts.map((count, t) => ({
        from: new Date(START + t * HOUR),
        to: new Date(START + (t + 1) * HOUR),
        profile: {
          predictions: count,
          features: profiles[t] ?? {},
          unknownFeatures: [],
          measures: {},
          performance: NO_LABELS,
        },
      })),
    };
  }
}

function driftPart({ series }: FittedBaseline): number {
  const budget = { pageDays: 1, noticeDays: 1, share: 1 };
  const inflows = allotBudget(series, [], { budget, windowMs: DAY });
  return series.reduce(
    (sum, one, i) => sum + (one.check === 'feature_drift' ? one.signs.length * (inflows[i]?.page ?? 0) : 0),
    0,
  );
}
