import type { CheckResult } from '../domain/check-result.js';
import type { ConstraintOf } from '../domain/constraint.js';
import { BOTH, keysOf } from '../domain/segment-keys.js';
import { changedAlike, type ChangedPart, type PartSums } from './changed-alike.js';
import type { ExplainContext } from './explain-context.js';

type Segment = ConstraintOf<'segment'>;
type Context = Pick<ExplainContext, 'baseline' | 'profile'>;

/** A result of a segment that is told, and its rule. */
interface Told {
  readonly result: CheckResult;
  readonly rule: Segment;
}

/**
 * Of two keys that are watched together and by themselves one place is told: the value of one key, where the rest of it changed as the pair did; else
 * the pair, which then explains that both of its values look changed.
 */
export function markPairs(results: readonly CheckResult[], context: Context): readonly CheckResult[] {
  const told = toldOf(results, context);
  const pairs = told.filter(({ rule }) => keysOf(rule.attribute).length > 1);
  if (pairs.length === 0) return results;
  const explained = new Map<CheckResult, CheckResult>();
  for (const pair of pairs)
    for (const value of told.filter((one) => isWithin(pair, one)))
      if (isRestAlike(pair.rule, value.rule, context)) explained.set(pair.result, explainedBy(pair, value, 'the rest of it changed as well'));
      else if (!explained.has(value.result)) explained.set(value.result, explainedBy(value, pair, 'the rest of this one did not change as much'));
  return results.map((result) => explained.get(result) ?? result);
} // prettier-ignore

function toldOf(results: readonly CheckResult[], { baseline }: Context): readonly Told[] {
  const keyOf = ({ check, statistic, segment }: CheckResult | Segment) => [check, statistic, segment].join('\0');
  const rules = new Map(baseline.rules.flatMap((rule) => (rule.rule === 'segment' ? [[keyOf(rule), rule]] : [])));
  return results.flatMap((result) => {
    const rule = result.segment !== undefined && result.state === 'ALERT' && !result.explainedBy ? rules.get(keyOf(result)) : undefined;
    return rule ? [{ result, rule }] : [];
  });
} // prettier-ignore

/** Whether a pair is a part of the value of one key, and the same is counted of both. */
function isWithin({ rule: pair }: Told, { rule }: Told): boolean {
  const place = keysOf(pair.attribute).indexOf(rule.attribute);
  return place >= 0 && pair.value.split(BOTH)[place] === rule.value && pair.statistic === rule.statistic && pair.check === rule.check;
} // prettier-ignore

/** Whether the rows of the value that are not the pair's changed as those of the pair did. */
function isRestAlike(pair: Segment, value: Segment, { baseline, profile }: Context): boolean {
  const own = partOf(pair, { baseline, profile });
  const whole = partOf(value, { baseline, profile });
  if (!own || !whole) return false;
  const rest = { before: less(whole.before, own.before), now: less(whole.now, own.now) };
  return changedAlike(value, own, rest, baseline.windows.length);
}

function partOf({ name }: Segment, { baseline, profile }: Context): ChangedPart | null {
  const [before, now] = [baseline.reference.measures[name], profile.measures[name]];
  return before?.kind === 'sides' && now?.kind === 'sides' ? { before, now } : null;
}

function less(all: PartSums, part: PartSums): PartSums {
  return { n: all.n - part.n, sum: all.sum - part.sum, sumSquares: all.sumSquares - part.sumSquares };
}

function explainedBy({ result }: Told, { rule: { segment = '' } }: Told, why: string): CheckResult {
  const explanation = `${result.explanation ?? ''}; it is told of ${segment}: ${why}`;
  return { ...result, explainedBy: [segment], explanation };
}
