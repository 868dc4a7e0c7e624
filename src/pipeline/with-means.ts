import { momentsOf } from '../checks/moments.js';
import { pooledFeature } from '../checks/pooled-rows.js';
import type { PendingRows } from '../checks/series-state.js';
import { movedMost, sharesOf } from '../checks/mix-text.js';
import type { Baseline, FeatureBaseline } from '../domain/baseline.js';
import type { CheckName } from '../domain/check-result.js';
import type { Verdict } from '../domain/incident.js';
import { OUTPUT, type FeatureProfile } from '../domain/profile.js';
import type { Measure } from '../domain/measure.js';
import { MEAN, MIX, ROW_SHARE } from '../domain/statistic-text.js';

/** Findings that say that the values of a feature are others. */
const SAYS_OTHER_VALUES: ReadonlySet<CheckName> = new Set(['feature_drift', 'output_drift', 'out_of_range']);

/**
 * The verdicts with what people are told beside the effects that were judged: the distance of the true mean of a numeric feature, in standard deviations of the reference, whose histogram sees no
 * farther than its ends, and of a categorical one by how many percentage points the shares that moved most are others; of the answers of a segment the same, so that the two can be held beside each other, and of its rows by how many percentage points their share of all is another. Nothing is judged by it. Pure.
 */
export function withMeans(
  verdicts: readonly Verdict[],
  { features, measures, pending }: MeansOf,
  baseline: Baseline | null,
): readonly Verdict[] {
  return verdicts.map((verdict) => {
    const { signal, outcome, effects } = verdict;
    if (outcome !== 'breach') return verdict;
    if (signal.check === DRIFT_OF_SEGMENT)
      return withPart(withOwnUnit(verdict, baseline), measures, baseline);
    if (signal.segment !== '' || !SAYS_OTHER_VALUES.has(signal.check)) return verdict;
    const feature = signal.feature ?? '';
    const [known, reference, own] = [baseline?.features[feature], baseline?.reference.features[feature], features[feature]]; // prettier-ignore
    const now = rowsOf(verdict, own, pending);
    const beside = known?.kind === 'categorical' ? mixOf(reference, now, known) : meanOf(reference, now, known); // prettier-ignore
    return beside === null ? verdict : { ...verdict, effects: { ...effects, ...beside } };
  });
}

/** What a segment answers, by the statistic that is judged of it, and whose standard deviation it is told in. */
const DRIFT_OF_SEGMENT: CheckName = 'segment_drift';
const ANSWERS: Readonly<Record<string, string>> = { mean_score: OUTPUT.score, mean_answer: OUTPUT.value };

/** The same of a segment, in the unit in which it is said of all rows: standard deviations of the reference of all, and percentage points of the share of a label. */
function withOwnUnit(verdict: Verdict, baseline: Baseline | null): Verdict {
  const { effects = {} } = verdict;
  const beside = Object.entries(effects).flatMap(([statistic, effect]): [string, number][] => {
    const [, label] = /^share:(.*)$/su.exec(statistic) ?? [];
    if (label !== undefined) return [[`${MIX}"${label}"`, effect]];
    const feature = ANSWERS[statistic] ?? '';
    const sd = momentsOf(baseline?.reference.features[feature], baseline?.features[feature])?.sd ?? 0;
    return sd > 0 ? [[MEAN, effect / sd]] : [];
  });
  return beside.length === 0 ? verdict : { ...verdict, effects: { ...effects, ...Object.fromEntries(beside) } };
} // prettier-ignore

/** The share of all rows that a segment has, where its rows are what was counted. */
function withPart(verdict: Verdict, measures: MeansOf['measures'], baseline: Baseline | null): Verdict {
  const { effects = {}, signal } = verdict;
  if (effects['predictions'] === undefined) return verdict;
  const usual = usualPart(baseline, signal.segment);
  const now = partIn(measures[rowsRule(baseline, signal.segment) ?? '']);
  if (usual === null || now === null) return verdict;
  return { ...verdict, effects: { ...effects, [ROW_SHARE]: 100 * (now - usual) } };
}

/** The share of all rows of the reference that a segment had; null where nobody counted it. */
export function usualPart(baseline: Baseline | null, segment: string): number | null {
  return partIn(baseline?.reference.measures[rowsRule(baseline, segment) ?? '']);
}

function rowsRule(baseline: Baseline | null, segment: string): string | undefined {
  return baseline?.rules.find(
    (one) => one.rule === 'segment' && one.segment === segment && one.counted.of === 'rows',
  )?.name;
}

function partIn(rows: Measure | undefined): number | null {
  if (rows?.kind !== 'sides') return null;
  const all = rows.n + rows.otherN;
  return all > 0 ? rows.n / all : null;
}

/** The features and measures of a window, and the rows that had waited for it. */
export interface MeansOf {
  readonly measures: Readonly<Record<string, Measure>>;
  readonly features: Readonly<Record<string, FeatureProfile>>;
  readonly pending: PendingRows | undefined;
}

/** All rows that a finding about a feature rests on, were they of several windows. */
export function rowsOf(
  { signal: { check, feature }, restsFrom }: Pick<Verdict, 'signal' | 'restsFrom'>,
  own: FeatureProfile | undefined,
  pending: PendingRows | undefined,
): FeatureProfile | undefined {
  if (restsFrom === undefined || feature === null) return own;
  return pooledFeature(pending, { check, feature }, own);
}

type Effects = Readonly<Record<string, number>>;

function meanOf(
  reference: FeatureProfile | undefined,
  current: FeatureProfile | undefined,
  known: FeatureBaseline | undefined,
): Effects | null {
  const [before, now] = [momentsOf(reference, known), momentsOf(current, known)];
  if (!before || !now || before.sd === 0) return null;
  const mean = (now.mean - before.mean) / before.sd;
  return Number.isFinite(mean) ? { [MEAN]: mean } : null;
}

/** Categories that are kept of a window: those that move most over many windows are among these in each. */
const SHARES_KEPT = 3;

function mixOf(
  reference: FeatureProfile | undefined,
  current: FeatureProfile | undefined,
  known: FeatureBaseline,
): Effects | null {
  const [was, is] = [sharesOf(reference, known), sharesOf(current, known)];
  if (!was || !is) return null;
  const moved = movedMost(was, is).slice(0, SHARES_KEPT);
  return Object.fromEntries(moved.map(({ name, share, usual }) => [`${MIX}${name}`, 100 * (share - usual)]));
}
