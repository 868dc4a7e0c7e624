import type { Baseline } from '../domain/baseline.js';
import type { ConstraintOf } from '../domain/constraint.js';
import { groupBy } from '../domain/group-by.js';
import { LEAST_GROUP } from '../domain/group-rule.js';
import type { Measure } from '../domain/measure.js';
import { impactRatio } from '../stats/impact-ratio.js';
import { newcombeDifference, type Proportion } from '../stats/newcombe.js';
import { wilsonInterval } from '../stats/wilson.js';

/** A number with its 95 % interval. */
export interface Bounded {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** `TOO_FEW`: fewer people than a rate is told of; `UNKNOWN`: nobody of the others gets it; else what the interval of the ratio says of four fifths. */
export type FourFifths = 'MET' | 'NOT_PROVED' | 'BELOW' | 'TOO_FEW' | 'UNKNOWN';

/** How a group of people fares over a stretch, beside everybody else whose group is known. */
export interface GroupStanding {
  readonly attribute: string;
  readonly group: string;
  readonly people: number;
  readonly others: number;
  /** Part of the group that gets the favourable outcome; null where they are too few. */
  readonly rate: Bounded | null;
  readonly othersRate: Bounded | null;
  /** The one over the other (Katz); null where one of them is 0 or too few. */
  readonly impactRatio: Bounded | null;
  /** Its rate over that of the group which is favoured most; groups of too few people are no measure. */
  readonly toMostFavoured: number | null;
  readonly fourFifths: FourFifths;
  /** Of those whose truth is the favourable outcome, how much more often the group gets it than others (Newcombe); null where labels are too few. */
  readonly equalOpportunity: Bounded | null;
}

const FOUR_FIFTHS = 0.8;

type Selection = ConstraintOf<'selection'>;
type Measures = Readonly<Record<string, Measure>>;

/** The rules of a reference that say how groups fare. */
export function selectionRules({ rules }: Pick<Baseline, 'rules'>): readonly Selection[] {
  return rules.filter((rule): rule is Selection => rule.rule === 'selection');
}

/** Every group that a reference watches, over what was measured of it, by attribute. Groups below fifty people are listed, and nothing is said of their rates. */
export function groupStandings(
  rules: readonly Selection[],
  measures: Measures,
): readonly GroupStanding[] {
  const groups = [...groupBy(rules, ({ attribute, group }) => JSON.stringify([attribute, group])).values()];
  const counted = groups.flatMap((own) => {
    const [first] = own;
    if (!first) return [];
    const of = (among: Selection['among']) => sides(measures, own.find((rule) => rule.among === among));
    return [{ first, all: of('all'), deserving: of('deserving') }];
  });
  const highest = (attribute: string) =>
    Math.max(
      0,
      ...counted.flatMap(({ first, all }) =>
        first.attribute === attribute && isTold(all.own) ? [all.own.successes / all.own.trials] : [],
      ),
    );
  return counted.map(({ first: { attribute, group }, all, deserving }) => {
    const rate = bounded(all.own);
    const best = highest(attribute);
    const ratio = ratioOf(all);
    return {
      attribute,
      group,
      people: all.own.trials,
      others: all.others.trials,
      rate,
      othersRate: bounded(all.others),
      impactRatio: ratio,
      toMostFavoured: rate && best > 0 ? rate.value / best : null,
      fourFifths: verdictOf(all, ratio),
      equalOpportunity: isTold(deserving.own) && isTold(deserving.others) ? gapOf(deserving) : null,
    };
  });
} // prettier-ignore

interface Sides {
  readonly own: Proportion;
  readonly others: Proportion;
}

function sides(measures: Measures, rule: Selection | undefined): Sides {
  const measure = rule && measures[rule.name];
  if (measure?.kind !== 'rates') return { own: NOBODY, others: NOBODY };
  const { hits, trials, otherHits, otherTrials } = measure;
  return {
    own: { successes: hits, trials },
    others: { successes: otherHits, trials: otherTrials },
  };
}

const NOBODY: Proportion = { successes: 0, trials: 0 };

function isTold({ trials }: Proportion): boolean {
  return trials >= LEAST_GROUP;
}

function bounded(one: Proportion): Bounded | null {
  if (!isTold(one)) return null;
  const { lower, upper } = wilsonInterval(one.successes, one.trials);
  return { value: one.successes / one.trials, low: lower, high: upper };
}

function ratioOf({ own, others }: Sides): Bounded | null {
  if (!isTold(own) || !isTold(others) || own.successes === 0 || others.successes === 0) return null;
  const { ratio, lower, upper } = impactRatio(own, others);
  return { value: ratio, low: lower, high: upper };
}

/** Where nobody of the group is favoured, half a person gives the ratio the interval that none could have. */
function verdictOf({ own, others }: Sides, ratio: Bounded | null): FourFifths {
  if (!isTold(own) || !isTold(others)) return 'TOO_FEW';
  if (others.successes === 0) return 'UNKNOWN';
  const upper = ratio?.high ?? impactRatio({ successes: 0.5, trials: own.trials }, others).upper;
  if (upper < FOUR_FIFTHS) return 'BELOW';
  return (ratio?.value ?? 0) < FOUR_FIFTHS ? 'NOT_PROVED' : 'MET';
}

function gapOf({ own, others }: Sides): Bounded {
  const { difference, lower, upper } = newcombeDifference(own, others);
  return { value: difference, low: lower, high: upper };
}
