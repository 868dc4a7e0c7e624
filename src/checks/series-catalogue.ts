import {
  OPEN_DOMAIN,
  type Baseline,
  type CategoricalBaseline,
  type FeatureBaseline,
} from '../domain/baseline.js';
import type { CheckName } from '../domain/check-result.js';
import type { Model } from '../domain/model.js';
import { OUTPUT_NAMES } from '../domain/profile.js';
import { PRESENT, wasNeverThere } from './never-there.js';
import { ruleSeries } from './rule-series.js';
import { type SeriesIdentity, seriesKey } from './series.js';
import type { Relevance, SeriesFamily, Sign } from '../domain/watched-series.js';

/** Categories whose shares are watched one by one; the rest show in the shape. */
const WATCHED_CATEGORIES = 5;
/** Bins of a feature without ties; only there do the outer bins hold known shares. */
const FULL_GRID = 14;
const BOTH: readonly Sign[] = [1, -1];
const UP: readonly Sign[] = [1];
const DOWN: readonly Sign[] = [-1];

/** Relevance margins: a change smaller than this is not worth an alert at any number of rows. */
const MARGIN = {
  none: { unit: 'scale', size: 0 },
  /** Of a reference standard deviation. */
  component: { unit: 'scale', size: 0.05 },
  auc: { unit: 'scale', size: 0.01 },
  nulls: { unit: 'rate', size: 0.005 },
  share: { unit: 'rate', size: 0.01 },
  errors: { unit: 'rate', size: 0.01 },
  loss: { unit: 'relative', size: 0.02 },
  /** A twentieth on the square-root scale is a tenth of the rows. */
  volume: { unit: 'relative', size: 0.05 },
} as const satisfies Record<string, Relevance>;

/** Every series of a model against a baseline, in a fixed order. */
export function seriesCatalogue(model: Model, baseline: Baseline): SeriesIdentity[] {
  const features = Object.entries(baseline.features).flatMap(([name, feature]) =>
    wasNeverThere(baseline, name) ? [presenceSeries(name)] : featureSeries(name, feature, baseline.rows),
  );
  return [
    ...features,
    series('volume', null, 'count', { family: 'quality', signs: BOTH, relevance: MARGIN.volume }),
    ...performanceSeries(model),
    ...baseline.rules.flatMap((rule) => ruleSeries(rule) ?? []),
  ];
}

/** Statistic of the share of one category. */
export function shareStatistic(category: string): string {
  return `share:${category}`;
}

/** Statistic of the pooled rare categories; no category of a user can have this name's colon twice. */
export const OTHER_SHARE = 'share::other';

/** The categories watched one by one. */
export function watchedCategories(categories: readonly string[]): readonly string[] {
  return categories.slice(0, WATCHED_CATEGORIES);
}

/** All there is to ask of a column that never had a value. */
function presenceSeries(name: string): SeriesIdentity {
  return series('null_rate', name, PRESENT, { family: 'quality', signs: UP, relevance: MARGIN.nulls });
}

function featureSeries(name: string, feature: FeatureBaseline, rows: number): SeriesIdentity[] {
  const output = OUTPUT_NAMES.includes(name);
  const check = output ? 'output_drift' : 'feature_drift';
  const family = output ? 'prediction' : 'feature';
  const drift = (statistic: string, rest: Partial<Options>) =>
    series(check, name, statistic, { family, ...rest });
  const quality = (rate: CheckName, statistic: string, weight: number) =>
    series(rate, name, statistic, {
      family: 'quality',
      weight,
      signs: UP,
      relevance: rate === 'null_rate' ? MARGIN.nulls : MARGIN.none,
    });
  const shared = [quality('null_rate', 'rate', 0.4), quality('type_mismatch', 'rate', 0.2)];
  if (feature.kind === 'numeric') {
    const bins = feature.edges.length + 1;
    return [
      ...(bins >= 2 ? [drift('location', { weight: 0.4, signs: BOTH, relevance: MARGIN.component })] : []),
      ...(bins >= 4 ? [drift('scale', { weight: 0.2, signs: BOTH, relevance: MARGIN.component })] : []),
      ...(bins === FULL_GRID ? [drift('tail', { weight: 0.15, signs: UP })] : []),
      ...(bins >= 5 ? [drift('shape', { weight: 0.25, signs: UP })] : []),
      ...shared,
      quality('out_of_range', 'windows', 0.4),
    ];
  }
  const watched = watchedCategories(feature.categories);
  return [
    drift('shape', { weight: 0.4, signs: UP }),
    ...watched.map((category) =>
      drift(shareStatistic(category), { weight: 0.5 / watched.length, signs: BOTH, relevance: MARGIN.share }),
    ),
    drift(OTHER_SHARE, { weight: 0.1, signs: BOTH, relevance: MARGIN.share }),
    ...shared,
    ...(feature.unseenMass < OPEN_DOMAIN
      ? [{ ...quality('new_category', 'rate', 0.4), floor: mostUnseen(feature, rows) }]
      : []),
  ];
}

/** One-sided 99 % and the rule of three: how many more values may have been seen once. */
const UPPER = { quantile: 2.33, never: 3 } as const;

/**
 * Upper bound of the share of values that the reference did not have: the categories are its own, so nothing in it was new. Good and
 * Turing: it is the share of the values seen once.
 */
function mostUnseen({ unseenMass }: CategoricalBaseline, rows: number): number {
  const once = unseenMass * rows;
  return rows > 0 ? (once + UPPER.quantile * Math.sqrt(once) + UPPER.never) / rows : 0;
}

function performanceSeries(model: Model): SeriesIdentity[] {
  const performance = (check: CheckName, statistic: string, signs: readonly Sign[], relevance: Relevance) =>
    series(check, null, statistic, { family: 'performance', signs, relevance });
  if (model.task === 'regression') {
    return [
      performance('concept_drift', 'mean_absolute_error', UP, MARGIN.loss),
      performance('performance', 'root_mean_squared_error', UP, MARGIN.loss),
    ];
  }
  const loss = performance('performance', 'log_loss', UP, MARGIN.loss);
  const errors = performance('concept_drift', 'error_rate', UP, MARGIN.errors);
  return model.task === 'binary'
    ? [errors, performance('performance', 'auc', DOWN, MARGIN.auc), loss]
    : [errors, loss];
}

interface Options {
  readonly family: SeriesFamily;
  readonly weight: number;
  readonly signs: readonly Sign[];
  readonly relevance: Relevance;
}

function series(
  check: CheckName,
  feature: string | null,
  statistic: string,
  { family, weight = 1, signs = UP, relevance = MARGIN.none }: Pick<Options, 'family'> & Partial<Options>,
): SeriesIdentity {
  return {
    key: seriesKey(check, feature, statistic),
    check,
    feature,
    statistic,
    family,
    weight,
    signs,
    relevance,
  };
}
