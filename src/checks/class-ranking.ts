import { CELL_SEPARATOR, type Metric, type Outcome } from '../domain/outcome.js';
import { SCORE_LAYOUTS } from '../domain/profile.js';
import {
  oneVersusRestAuc,
  oneVersusRestPrecision,
  type ClassHistogram,
  type ClassMeans,
} from '../stats/one-versus-rest.js';
import { known, notApplicable, withinUnit } from './metric-interval.js';

/** Rows of a class, and rows of others, below which it is left out. */
const LEAST_RANKED = 2;
const TOO_MANY = 'answers have scores of more than 30 classes, which are not kept by class';
const NONE = 'no class has two labelled rows with scores, and two of others';

/** How well the probabilities of each class rank its rows above all others, averaged over the classes that came. `none`: why there is nothing where no answer has scores. */
export function classRankingMetrics(outcome: Outcome, none: string): Metric[] {
  const ranked = Object.values(outcome.classHits).reduce((sum, rows) => sum + rows, 0);
  const classes = [...classHistograms(outcome, ranked).values()].filter(isEnough);
  const scored = outcome.sums.scored ?? 0;
  const reason = scored === 0 ? none : ranked === 0 ? TOO_MANY : NONE;
  const means: Readonly<Record<string, ClassMeans>> =
    classes.length === 0
      ? {}
      : { auc: oneVersusRestAuc(classes), average_precision: oneVersusRestPrecision(classes) };
  return (['macro', 'weighted'] as const).flatMap((kind) =>
    ['auc', 'average_precision'].map((name) => {
      const found = means[name]?.[kind];
      const metric = `${kind}_${name}`;
      return found
        ? withinUnit(metric, found.value, ranked, known(found.variance))
        : notApplicable(metric, ranked, reason);
    }),
  );
}

/** Of each class that has a score or came; rows that give it none gave it the lowest. */
function classHistograms({ classRows, classHits }: Pick<Outcome, 'classRows' | 'classHits'>, ranked: number): ReadonlyMap<string, ClassHistogram> {
  const found = new Map<string, { readonly positives: number[]; readonly negatives: number[] }>();
  const empty = () => Array.from({ length: SCORE_LAYOUTS.logOdds }, () => 0);
  for (const [place, rows] of Object.entries(classRows)) {
    const at = place.lastIndexOf(CELL_SEPARATOR);
    const [name, bin] = [place.slice(0, at), Number(place.slice(at + 1))];
    const own = found.get(name) ?? { positives: empty(), negatives: empty() };
    const hits = classHits[place] ?? 0;
    own.positives[bin] = hits;
    own.negatives[bin] = rows - hits;
    found.set(name, own);
  }
  for (const { positives, negatives } of found.values())
    negatives[0] = (negatives[0] ?? 0) + ranked - total(positives) - total(negatives);
  return found;
} // prettier-ignore

function isEnough({ positives, negatives }: ClassHistogram): boolean {
  return total(positives) >= LEAST_RANKED && total(negatives) >= LEAST_RANKED;
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
