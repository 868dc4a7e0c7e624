import {
  countText,
  numberText,
  percentText,
  pointsText,
  signedText,
  spanText,
  withoutNoise,
  words,
} from './wording.js';

/** Checks whose values are shares of rows. */
const SHARES: ReadonlySet<string> = new Set([
  'null_rate',
  'type_mismatch',
  'new_category',
  'pair_rule',
  'expectation',
  'format',
  'duplicates',
  'attribution_drift',
  'service',
]);
/** Checks whose effects are parts of one; those of others are percentage points. */
const FRACTIONS: ReadonlySet<string> = new Set(['attribution_drift', 'estimated_performance']);
/** Copies in a whole window: they are not counted but estimated, and have effects as estimates have. */
export const ESTIMATED_COPIES = 'same_window';

/** Whether the effect of a share is a part of one, and not percentage points. */
function isFraction(check: string, statistic: string): boolean {
  return FRACTIONS.has(check) || (check === 'duplicates' && withoutDay(statistic) === ESTIMATED_COPIES);
}

/** The effect of a share of rows as a part of one, as its check counts it. */
export function asFraction(check: string, statistic: string, effect: number): number {
  return isFraction(check, statistic) ? effect : effect / 100;
}
/** By how many percentage points the share of all rows that a segment has is another one, beside the count of its rows that was judged. */
export const ROW_SHARE = 'share_of_rows';

/** Statistics that are shares whatever checks them. */
const RATES: ReadonlySet<string> = new Set([
  ROW_SHARE,
  'error_rate',
  'incomplete_rows',
  'slow_calls',
  'failures',
]);
/** The daily companion's statistics are those of the windows with this before them. */
const DAILY = 'daily_';
const SHARE = 'share:';
const DIFFERENCE = '_difference';

/** Standard deviations from which on a level that left the bins of the reference is no nearer known. */
export const FARTHEST_MEASURED = 2.6;

/** The true mean of the values, which no histogram bounds; nothing is judged by it. */
export const MEAN = 'mean';

/** Before a category: by how many percentage points its share is another one, beside the shape that was judged. */
export const MIX = 'mix:';

/** Whether the engine judges a statistic: what people are told beside that is no finding by itself. */
export function isJudged(statistic: string): boolean {
  return statistic !== MEAN && statistic !== ROW_SHARE && !statistic.startsWith(MIX);
}

export type StatisticUnit =
  'sd' | 'spread' | 'w' | 'share' | 'windows' | 'difference' | 'count' | 'seconds' | 'none';

/** What a statistic is measured in. */
function unitOf(check: string, statistic: string): StatisticUnit {
  if (statistic === 'location' || statistic === MEAN) return 'sd';
  if (statistic === 'scale') return 'spread';
  if (statistic === 'shape') return 'w';
  if (statistic === 'silence') return 'seconds';
  // A window is out of range as a whole, by one value or by all: no share of rows.
  if (check === 'out_of_range') return 'windows';
  if (check === 'volume' || statistic === 'predictions') return 'count';
  if (statistic.endsWith(DIFFERENCE)) return 'difference';
  if (statistic === 'ranking_gain') return 'none';
  const shares = SHARES.has(check) || statistic === 'tail' || RATES.has(statistic);
  return shares || statistic.startsWith(SHARE) || statistic.startsWith(MIX) ? 'share' : 'none';
}

/** The statistic of windows that one of days is of; another one as it is. */
export function withoutDay(statistic: string): string {
  return statistic.startsWith(DAILY) ? statistic.slice(DAILY.length) : statistic;
}

/** Whether a statistic is of a whole day in a model whose windows are shorter. */
export function isByDay(statistic: string): boolean {
  return statistic.startsWith(DAILY);
}

/** The unit of a statistic or of its daily companion. */
export function statisticUnit(check: string, statistic: string): StatisticUnit {
  return unitOf(check, withoutDay(statistic));
}

const AXES: Readonly<Record<StatisticUnit, string>> = {
  sd: 'reference standard deviations',
  spread: 'times the usual spread',
  w: "Cohen's w",
  share: 'percentage points',
  windows: '% of the windows',
  difference: 'percentage points',
  count: '% of the usual rows',
  seconds: 'seconds',
  none: "the statistic's own unit",
};

/** What an axis of effects is in, by what effects are multiplied for it, and where on it no effect lies. */
export function effectAxis(
  check: string,
  statistic: string,
): { readonly unit: string; readonly times: number; readonly base: number } {
  const unit = statisticUnit(check, statistic);
  const isPart = unit === 'difference' || (unit === 'share' && isFraction(check, statistic));
  return { unit: AXES[unit], times: isPart ? 100 : 1, base: unit === 'spread' ? 1 : 0 };
}

/** Names that only those know who know the method: what they measure, in words. */
const IN_WORDS: ReadonlyMap<string, string> = new Map([
  ['tail', 'share of extreme values'],
  ['windows', 'windows with values out of range'],
  ['hotelling_t2', 'distance along the usual directions'],
  ['reconstruction_error', 'distance from the usual directions'],
  ['domain_classifier', 'how well a classifier tells the rows from the reference (AUC)'],
  [`${SHARE}:other`, 'share of rare categories'],
]);

/** Before the two features of a correlation, which stand around a tilde. */
const CORRELATION = 'correlation:';

function correlationText(pair: string): string {
  const [one, ...other] = pair.split('~');
  return `correlation of ${one ?? ''} and ${other.join('~')}`;
}

/** A statistic as people write it; names of categories and features in it keep their case: `share of "Boston"`. */
export function statisticText(statistic: string): string {
  const own = withoutDay(statistic);
  if (own !== statistic) return `${statisticText(own)} by day`;
  const inWords = IN_WORDS.get(statistic);
  if (inWords !== undefined) return inWords;
  if (statistic.startsWith(CORRELATION)) return correlationText(statistic.slice(CORRELATION.length));
  if (statistic.startsWith(SHARE)) return `share of "${statistic.slice(SHARE.length)}"`;
  if (statistic.startsWith(MIX)) return `share of ${statistic.slice(MIX.length)}`;
  return /^[a-z0-9_]+$/.test(statistic) ? words(statistic) : statistic;
}

/** Whether a number of a statistic says by its unit, or with the check, what it is of. */
export function namesItself(check: string, statistic: string): boolean {
  if (isByDay(statistic) || statistic.startsWith(SHARE) || statistic.startsWith(MIX)) return false;
  const unit = unitOf(check, statistic);
  if (unit === 'share') return SHARES.has(check) && check !== 'service';
  return unit !== 'none' && unit !== 'difference';
}

/** Cohen's words for his w: small from 0.1, medium from 0.3, large from 0.5. */
function gradeOf(w: number): string {
  if (w >= 0.5) return 'a large';
  if (w >= 0.3) return 'a medium';
  return w >= 0.1 ? 'a small' : 'hardly any';
}

/** A value with its unit: `0.52 sd`, `12 %`, `1 240`; a dash where it was not computed. */
export function valueText(check: string, statistic: string, value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–';
  switch (statisticUnit(check, statistic)) {
    case 'sd':
      return `${numberText(value)} sd`;
    case 'spread':
      return `× ${numberText(value)}`;
    case 'share':
    case 'windows':
      return percentText(value);
    case 'difference':
      return pointsText(100 * value);
    case 'count':
      return countText(value);
    case 'seconds':
      return spanText(1000 * value);
    case 'w':
    case 'none':
      return numberText(value);
  }
}

/** An effect with its unit: `+0.52 sd`, `−12 percentage points`, `+40 %`, `spread × 1.9`; a dash where there is none. */
export function effectText(check: string, statistic: string, effect: number | null): string {
  if (effect === null || !Number.isFinite(effect)) return '–';
  switch (statisticUnit(check, statistic)) {
    case 'sd':
      return `${statistic === MEAN || Math.abs(effect) < FARTHEST_MEASURED ? '' : 'at least '}${signedText(effect)} sd`;
    case 'spread':
      return `spread × ${numberText(1 + effect)}`;
    case 'share':
      return pointsText(isFraction(check, statistic) ? 100 * effect : effect);
    case 'windows':
      return `in ${percentText(effect / 100)} of the windows`;
    case 'difference':
      return pointsText(100 * effect);
    case 'count':
      return `${signedText(withoutNoise(effect))} %`;
    case 'w':
      return `${gradeOf(Math.abs(effect))} change of shape (Cohen's w ${numberText(effect)})`;
    case 'seconds':
    case 'none':
      return signedText(effect);
  }
}
