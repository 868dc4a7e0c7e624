import { type Extent, extentIn, mixIn } from './course-stretch.js';
import { factsOf } from './incident-facts.js';
import type { Incident } from './incident.js';
import { convertedIn } from './interpretation.js';
import { OUTPUT_NAMES } from './profile.js';
import { asFraction, effectText, FARTHEST_MEASURED, MEAN, MIX, namesItself, ROW_SHARE, statisticText, statisticUnit } from './statistic-text.js'; // prettier-ignore
import { countText, numberText, percentText } from './wording.js';

/** What a feature usually is, in its own unit. */
export interface Usual {
  readonly mean: number;
  readonly sd: number;
  readonly unit: string | null;
}

/** What a reference knows of features. */
export interface Known {
  /** What a feature usually is; null where it has no mean, or while the reference is not at hand. */
  readonly usual: (feature: string) => Usual | null;
  /** The usual shares of a feature's categories, by how they are named in a sentence; null of what has none. */
  readonly shares: (feature: string) => ReadonlyMap<string, number> | null;
  /** The usual share of all rows that a segment has; null where nobody counted it. */
  readonly rowShare: (segment: string) => number | null;
}

/** A measured effect, and what it is relative to. */
interface Measured {
  readonly check: string;
  readonly statistic: string;
  /** The newest value that was told and its effect. */
  readonly value: number | null;
  readonly effect: number | null;
  /** Mean effect over all windows of the incident, by rows; null where it has none. */
  readonly size: number | null;
}

/** A mean that has moved by less is no news beside how many values left the range. */
const MOVED = 1;

/**
 * From what it was to what it is, by all windows of an incident: the true mean of values that left their range, else in the statistic that its size is of; null where the newest
 * value is of another statistic, or has no such two numbers; of numbers whose shape has changed, and of answers, the true mean stands in their place. Of a mix the two categories whose shares moved most. It says what the numbers are of, where they do not say so themselves.
 */
export function changeOf(
  { signal, statistic, value, effect, course, ...read }: Pick<Incident, 'signal' | 'statistic' | 'value' | 'effect' | 'course' | 'readAs'>,
  { usual, shares, rowShare }: Known,
): string | null {
  const { size, statistic: leading } = factsOf(course);
  const mix = mixIn(signal.check, course);
  const mixed = mix.length === 0 ? null : mixText(mix, shares(signal.feature ?? ''));
  if (mixed !== null) return mixed;
  const known = signal.feature === null ? null : usual(signal.feature);
  const mean = extentIn(course, MEAN);
  const left = signal.check === 'out_of_range' && mean !== undefined && Math.abs(mean.size) >= MOVED;
  // One change has one factor, and that of the check is the surer one.
  const isConverted = convertedIn(read) !== null;
  if (known && (leading === MEAN || left)) return moved(known, mean?.size ?? 0, isConverted);
  const beside = isToldByMean(signal, leading) ? meanText(known, mean, isConverted) : null;
  if (leading !== statistic) return beside;
  const text = changeText({ check: signal.check, statistic, value, effect, size }, known);
  if (text === null) return beside;
  const part = partText(rowShare(signal.segment), extentIn(course, ROW_SHARE));
  if (part !== null) return `${text}, ${part}`;
  const named = namesItself(signal.check, statistic) ? text : `${statisticText(statistic)} ${text}`;
  // One row in so many is looked at: of how many a distance is the mean is not the number of rows beside it.
  return signal.check === 'multivariate' && course.rows > 0 ? `${named}, on ${countText(course.rows)} rows` : named;
} // prettier-ignore

/** `20 % → 32 % of all rows`; null where the rows are not those of a part, or nobody knows what part that usually is. */
function partText(usual: number | null, moved: Extent | undefined): string | null {
  const text = usual === null || !moved || moved.weight === 0 ? null : share(usual, moved.size / 100);
  return text === null ? null : `${text} of all rows`;
}

/** How large something is that says by itself what it is of: the mean beside it is not taken for it. */
const NAMED_BY_UNIT: ReadonlySet<string> = new Set(['sd', 'spread', 'w']);

/** Whether what leads has no numbers from and to, and the mean is what people ask for: of what a model answers always, of a feature where its shape is another one. */
function isToldByMean({ check, feature }: Incident['signal'], leading: string): boolean {
  const unit = statisticUnit(check, leading);
  return unit === 'w' || (NAMED_BY_UNIT.has(unit) && OUTPUT_NAMES.includes(feature ?? ''));
}

function meanText(known: Usual | null, mean: Extent | undefined, isConverted: boolean): string | null {
  return known && mean ? `mean ${moved(known, mean.size, isConverted)}` : null;
}

/** Categories that are named: the rest of a mix moves because these do. */
const NAMED = 2;

/** `share of "web" 12 % → 30 %, of "branch" 60 % → 41 %`; null where nobody knows what was usual. */
function mixText(mix: readonly Extent[], usual: ReadonlyMap<string, number> | null): string | null {
  const moved = mix.flatMap(({ statistic, size }) => {
    const name = statistic.slice(MIX.length);
    const text = share(usual?.get(name) ?? NaN, size / 100);
    return text === null ? [] : [`of ${name} ${text}`];
  });
  return moved.length === 0 ? null : `share ${moved.slice(0, NAMED).join(', ')}`;
}

/**
 * From what it was to what it is: `≈ 640 → ≈ 1 030 miles`, `12 % → 30 %`, `1 200 → 800 predictions`. "Now" is over all windows of the incident, not
 * the last one alone. Null for statistics that have no such two numbers, such as the distance of two distributions.
 */
function changeText(measured: Measured, usual: Usual | null): string | null {
  const { check, statistic, value, effect, size } = measured;
  if (effect === null || size === null) return null;
  switch (statisticUnit(check, statistic)) {
    case 'sd':
      return usual && usual.sd > 0 ? shifted(usual, size) : null;
    case 'share':
      return value === null || check === 'attribution_drift'
        ? null
        : share(value - asFraction(check, statistic, effect), asFraction(check, statistic, size));
    case 'count':
      return value === null || effect <= -100 ? null : counts(value / (1 + effect / 100), size / 100);
    case 'none':
      return OF_METRICS.has(check) && value !== null ? `${numberText(value - effect)} → ${numberText(value - effect + size)}` : null;
    default:
      return null;
  }
} // prettier-ignore

/** Checks whose effects are in the unit of their values, which are metrics, means or distances: the difference from what was expected. */
const OF_METRICS: ReadonlySet<string> = new Set(['performance', 'concept_drift', 'estimated_performance', 'multivariate', 'segment_drift', 'segment_performance']); // prettier-ignore

/** `≈ 9 189 → ≈ 931 000 EUR (× 100)`: what has become a multiple is said as one, unless the words of the check say which. */
function moved({ mean, sd, unit }: Usual, size: number, isConverted: boolean): string {
  const now = mean + size * sd;
  const times = isConverted || Math.abs(mean) < LEAST_LEVEL * sd ? null : timesText(now / mean);
  return `≈ ${numberText(mean)} → ≈ ${numberText(rounded(now))}${unit === null ? '' : ` ${unit}`}${times === null ? '' : ` (${times})`}`;
}

/** A mean that is so small a part of the spread is near zero: a multiple of it says nothing. */
const LEAST_LEVEL = 0.2;
/** From so many times on, and down to one of so many. */
const MULTIPLE = 2;
/** A factor so near a power of ten is that power: what is converted is also a little noisy. */
const NEAR = 0.05;

function timesText(factor: number): string | null {
  if (!(factor >= MULTIPLE || (factor > 0 && factor <= 1 / MULTIPLE))) return null;
  const power = 10 ** Math.round(Math.log10(factor));
  return `× ${numberText(Math.abs(factor / power - 1) <= NEAR ? power : factor)}`;
}

/** At three digits: more are not known of a mean. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

function shifted({ mean, sd, unit }: Usual, size: number): string {
  const now = numberText(mean + size * sd);
  // Levels are measured in the bins of the reference: what lies beyond the outermost counts as lying in it.
  const where = Math.abs(size) < FARTHEST_MEASURED ? `≈ ${now}` : `${size > 0 ? 'more' : 'less'} than ${now}`;
  return `≈ ${numberText(mean)} → ${where}${unit === null ? '' : ` ${unit}`}`;
}

function share(before: number, by: number): string | null {
  const now = before + by;
  const possible = before >= -1e-9 && before <= 1 && now >= -1e-9 && now <= 1 + 1e-9;
  return possible ? `${percentText(Math.max(0, before))} → ${percentText(Math.max(0, now))}` : null;
}

/** Of a number that is expected so many decimals are told, two at most, that what is read of both is the change that stands beside them: `30.35 → 180` beside `+493 %`. */
function counts(before: number, by: number): string {
  const now = Math.round(Math.max(0, before * (1 + by)));
  const told = [0, 1, 2].map((decimals) => Number(before.toFixed(decimals)));
  const isRead = (one: number) => one > 0 && percentOf(now / one - 1) === percentOf(by);
  const shown = told.find(isRead) ?? told[0] ?? before;
  const text = Number.isInteger(shown) ? countText(shown) : numberText(shown, DIGITS_OF_COUNT);
  return `${text} → ${countText(now)} predictions a window`;
}

/** As sizes of counts are told. */
function percentOf(share: number): string {
  return effectText('volume', 'count', 100 * share);
}

const DIGITS_OF_COUNT = 12;
