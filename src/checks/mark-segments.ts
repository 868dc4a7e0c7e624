import type { CheckName, CheckResult, CheckState } from '../domain/check-result.js';
import { byLoudness } from '../domain/loudness.js';
import type { Measure } from '../domain/measure.js';
import type { ConstraintOf } from '../domain/constraint.js';
import { groupBy } from '../domain/group-by.js';
import type { ExplainContext } from './explain-context.js';
import { changedAlike } from './changed-alike.js';
import { markPairs } from './mark-pairs.js';

type Segment = ConstraintOf<'segment'>;
type Sides = Extract<Measure, { readonly kind: 'sides' }>;
type Context = Pick<ExplainContext, 'baseline' | 'profile'>;

/** More than this part of a change is most of it. */
const MOST_OF_SEGMENT = 0.5;

/** Checks of all rows that say the same of everybody. */
const WHOLE: Readonly<Record<Segment['counted']['of'], ReadonlySet<CheckName>>> = {
  errors: new Set(['concept_drift', 'performance']),
  score: new Set(['output_drift']),
  label: new Set(['output_drift']),
  value: new Set(['output_drift']),
  incomplete: new Set(['null_rate']),
  slow: new Set(['service']),
  failed: new Set(['service']),
  rows: new Set(['volume', 'freshness']),
};

/** Whether a check of all rows says of everybody what a rule says of its segment; how a service does is said by several numbers. */
function isWholeOf({ counted, statistic }: Segment, { check, ...whole }: CheckResult): boolean {
  const isOfCalls = counted.of === 'slow' || counted.of === 'failed';
  return WHOLE[counted.of].has(check) && (!isOfCalls || whole.statistic === statistic);
}

/** States of a check that would tell a change of all rows. */
const TELLS: ReadonlySet<CheckState> = new Set(['ALERT', 'NOTICE', 'OK']);

/**
 * A segment is told where it differs from the rest. Where all others moved as well, and by as much, it is marked as explained by the check that is judged of
 * all rows; it is a notice where that does not alert. Where a segment moved alone, the check of all rows names it.
 */
export function markSegments(results: readonly CheckResult[], context: Context): readonly CheckResult[] {
  const ruleOf = segmentRules(context);
  const alerting = results.filter(({ segment, state }) => segment === undefined && state === 'ALERT');
  const confined: Confined[] = [];
  const marked = results.map((result) => {
    const rule = ruleOf.get(keyOf(result));
    if (!rule || (result.state !== 'ALERT' && result.state !== 'NOTICE')) return result;
    if (movedWithAll(rule, context)) return ofAll(result, surest(results, rule));
    if (result.state === 'ALERT') confined.push({ name: result.segment ?? '', rule });
    return result;
  });
  if (confined.length === 0) return marked;
  const placed = markPairs(marked, context);
  const elsewhere = new Set(placed.flatMap((result) => (result.explainedBy ? [keyOf(result)] : [])));
  const named = withMost(
    confined.filter(({ rule }) => !elsewhere.has(keyOf(rule))),
    context,
  );
  return placed.map((result) => (alerting.includes(result) ? naming(result, named) : result));
}

/** What is judged of all rows and says the same as a rule of a segment, the loudest first; undefined where nothing is. */
function surest(results: readonly CheckResult[], rule: Segment): CheckResult | undefined {
  return results
    .filter((one) => one.segment === undefined && TELLS.has(one.state) && isWholeOf(rule, one))
    .toSorted((a, b) => byLoudness(a.state, b.state))[0];
}

function ofAll(result: CheckResult, whole: CheckResult | undefined): CheckResult {
  return {
    ...result,
    state: whole?.state === 'ALERT' ? result.state : 'NOTICE',
    ...(whole ? { explainedBy: [whole.check] } : {}),
    explanation: `${result.explanation ?? ''}; all others changed as well`,
  };
}

interface Confined {
  readonly name: string;
  readonly rule: Segment;
}

/** The change of all rows is mostly in these parts of a key where they make more than half of it: a small one that differs from the others by chance does not account for all. */
function withMost(confined: readonly Confined[], context: Context): readonly Confined[] {
  const keys = groupBy(confined, ({ rule: { attribute, counted } }) => `${attribute}\0${counted.of}`);
  return [...keys.values()].flatMap((own) => {
    const part = own.reduce((sum, { rule }) => sum + partOf(rule, context), 0);
    return part > MOST_OF_SEGMENT ? own : [];
  });
}

/** How much of what all rows changed by is in a segment: against what its rows, and all others, would be as in the reference. */
function partOf(rule: Segment, { baseline, profile }: Context): number {
  const [before, now] = [baseline.reference.measures[rule.name], profile.measures[rule.name]];
  if (before?.kind !== 'sides' || now?.kind !== 'sides') return 0;
  if (rule.counted.of === 'rows') {
    const windows = Math.max(1, baseline.windows.length);
    const own = now.n - before.n / windows;
    return own / (own + now.otherN - before.otherN / windows);
  }
  if (Math.min(before.n, before.otherN) === 0) return 0;
  const own = now.sum - (now.n * before.sum) / before.n;
  return own / (own + now.otherSum - (now.otherN * before.otherSum) / before.otherN);
}

function naming(
  result: CheckResult,
  confined: readonly Confined[],
): CheckResult {
  const names = confined.filter(({ rule }) => isWholeOf(rule, result)).map(({ name }) => name);
  if (names.length === 0) return result;
  return { ...result, explanation: `${result.explanation ?? ''}; mostly in ${[...new Set(names)].join(', ')}` };
} // prettier-ignore

function keyOf({ check, statistic, segment }: CheckResult | Segment): string {
  return [check, statistic, segment ?? ''].join('\0');
}

function segmentRules({ baseline }: Context): ReadonlyMap<string, Segment> {
  return new Map(baseline.rules.flatMap((rule) => (rule.rule === 'segment' ? [[keyOf(rule), rule]] : [])));
}

function movedWithAll(rule: Segment, { baseline, profile }: Context): boolean {
  const [before, now] = [baseline.reference.measures[rule.name], profile.measures[rule.name]];
  if (before?.kind !== 'sides' || now?.kind !== 'sides') return false;
  const others = (sides: Sides) => ({ n: sides.otherN, sum: sides.otherSum, sumSquares: sides.otherSquares });
  return changedAlike(rule, { before, now }, { before: others(before), now: others(now) }, baseline.windows.length);
} // prettier-ignore
