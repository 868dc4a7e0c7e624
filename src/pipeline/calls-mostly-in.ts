import { callRule } from '../domain/call-limit.js';
import type { Constraint, ConstraintOf } from '../domain/constraint.js';
import type { Model } from '../domain/model.js';
import { segmentName } from '../domain/segment-rule.js';
import { callsBySegment, type SegmentCalls } from '../profiles/calls-by-segment.js';
import type { Database } from '../store/database.js';
import { mostlyIn } from './mostly-in.js';

/** Calls beyond what the model file allows, which may be another time than the reference's. */
const TARGET = 'latency_p95_target';
/** What of calls is told, by the statistic of its check. */
const PARTS: Readonly<Record<string, 'slow' | 'failed'>> = {
  slow_calls: 'slow',
  [TARGET]: 'slow',
  failures: 'failed',
  error_rate_target: 'failed',
};

/** Whether a statistic of the check `service` says that calls are slow, or that they fail. */
export function isOfCalls(statistic: string): boolean {
  return PARTS[statistic] !== undefined;
}

/** The rule that counts what a statistic of the check `service` is about; undefined where that is no calls, or nothing counts them. */
export function ruleOfCalls(
  statistic: string,
  rules: readonly Constraint[],
): ConstraintOf<'calls'> | undefined {
  const part = PARTS[statistic];
  return part && callRule(rules, { part, ofTarget: statistic === TARGET });
}

/** A version's calls before a change and in it. */
export interface CallStretches {
  readonly model: Model;
  readonly version: string;
  readonly from: Date;
  readonly until: Date;
  readonly since: Date;
  readonly to: Date;
}

/** The declared segments that more slow or failed calls are mostly in, by name. A few queries over the rows of both stretches. */
export async function callsMostlyIn(
  database: Database,
  { model, version, ...times }: CallStretches,
  statistic: string,
  rules: readonly Constraint[],
): Promise<readonly string[]> {
  const part = PARTS[statistic];
  const rule = ruleOfCalls(statistic, rules);
  if (!part || !rule) return [];
  const partsOf = async (from: Date, to: Date) =>
    (await callsBySegment(database, model, { version, from, to, aboveMs: rule.aboveMs })).parts;
  const [before, now] = await Promise.all([partsOf(times.from, times.until), partsOf(times.since, times.to)]);
  return model.segments.flatMap((attribute) => {
    const was = new Map(ofKey(before, attribute).map((one) => [one.value, one]));
    const means = ofKey(now, attribute).map((one) => {
      const earlier = was.get(one.value);
      return {
        segment: one.value,
        rowsBefore: earlier ? rowsOf(earlier, part) : 0,
        rowsNow: rowsOf(one, part),
        before: earlier ? shareOf(earlier, part) : 0,
        now: shareOf(one, part),
      };
    });
    const value = mostlyIn(means);
    return value === null ? [] : [segmentName({ attribute, value })];
  });
}

function ofKey(parts: readonly SegmentCalls[], attribute: string): readonly SegmentCalls[] {
  return parts.filter((one) => one.attribute === attribute);
}

function rowsOf({ timed, calls }: SegmentCalls, part: 'slow' | 'failed'): number {
  return part === 'slow' ? timed : calls;
}

function shareOf(calls: SegmentCalls, part: 'slow' | 'failed'): number {
  return calls[part] / Math.max(1, rowsOf(calls, part));
}
