import type { Baseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import { segmentName } from '../domain/segment-rule.js';
import { callsBySegment, type OtherValues, type SegmentCalls } from '../profiles/calls-by-segment.js';
import type { SlowCall } from '../profiles/outcomes.js';
import { jeffreysInterval } from '../stats/jeffreys.js';
import type { Stages } from './stages.js';

/** What calls are held against: what was asked, the target of the model file, the reference's 95th percentile, or that of the stretch itself. */
export type SlowLimit = 'ASKED' | 'TARGET' | 'REFERENCE' | 'STRETCH';

/** Where a share lies with 95 % confidence. */
interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The calls of one part of the traffic, and how often all others were slow or failed. */
export interface SegmentService extends Omit<SegmentCalls, 'attribute' | 'value'> {
  readonly segment: string;
  readonly slowRate: number | null;
  /** 95 % intervals of the shares of this part: few calls say little. */
  readonly slowInterval: Interval | null;
  readonly failureInterval: Interval | null;
  readonly slowRateElsewhere: number | null;
  readonly failureRate: number;
  readonly failureRateElsewhere: number | null;
}

/** Which calls of a stretch were slow or failed: how many, in which parts of the traffic, and the slowest of them. */
export interface SlowCalls {
  /** Null where no call says how long it took. */
  readonly aboveMs: number | null;
  readonly limit: SlowLimit;
  readonly calls: number;
  readonly timed: number;
  readonly slow: number;
  readonly failed: number;
  /** Those with the most slow and failed calls beyond what they would have at the rate of all others first. */
  readonly segments: readonly SegmentService[];
  /** By key, the values that are not among `segments`: of too few calls for a share, or beyond the twenty with the most that were slow or failed. */
  readonly others: readonly OtherValues[];
  readonly rows: readonly SlowCall[];
}

interface Asked {
  readonly version: string;
  readonly from: Date;
  readonly to: Date;
  readonly aboveMs: number | null;
  /** Rows of the slowest calls. */
  readonly most: number;
}

/** Which calls were slow or failed. A few queries over the rows of the stretch. */
export async function readSlowCalls(
  { database, outcomes }: Pick<Stages, 'database' | 'outcomes'>,
  { model, baseline }: { readonly model: Model; readonly baseline: Baseline | null },
  asked: Asked,
): Promise<SlowCalls> {
  const known = limitOf(model, baseline, asked.aboveMs);
  const [{ aboveMs, parts, others }, rows] = await Promise.all([
    callsBySegment(database, model, { ...asked, aboveMs: known.aboveMs }),
    outcomes.slowest(model, asked, asked.most),
  ]);
  const all = parts.find(({ attribute }) => attribute === '') ?? NONE;
  const { calls, timed, slow, failed } = all;
  return {
    aboveMs,
    limit: known.limit,
    calls,
    timed,
    slow,
    failed,
    segments: standing(parts, all),
    others,
    rows,
  };
}

const NONE: SegmentCalls = {
  attribute: '', value: '', calls: 0, failed: 0, timed: 0, slow: 0, p50Ms: null, p95Ms: null,
}; // prettier-ignore

function limitOf(
  { service }: Model,
  baseline: Baseline | null,
  asked: number | null,
): { readonly aboveMs: number | null; readonly limit: SlowLimit } {
  if (asked !== null) return { aboveMs: asked, limit: 'ASKED' };
  if (service.latencyP95Ms !== undefined) return { aboveMs: service.latencyP95Ms, limit: 'TARGET' };
  const rule = baseline?.rules.find((one) => one.rule === 'calls' && one.part === 'slow');
  const usual = rule?.rule === 'calls' ? rule.aboveMs : null;
  return usual === null ? { aboveMs: null, limit: 'STRETCH' } : { aboveMs: usual, limit: 'REFERENCE' };
}

function standing(parts: readonly SegmentCalls[], all: SegmentCalls): readonly SegmentService[] {
  return parts
    .filter(({ attribute }) => attribute !== '')
    .map((part) => ({ part: besides(part, all), beyond: beyondOthers(part, all) }))
    .sort((a, b) => b.beyond - a.beyond)
    .map(({ part }) => part);
}

const rate = (some: number, all: number) => (all > 0 ? some / all : null);

function intervalOf(some: number, all: number): Interval | null {
  if (all === 0) return null;
  const { lower: low, upper: high } = jeffreysInterval(some, all);
  return { low, high };
}

function besides({ attribute, value, ...own }: SegmentCalls, all: SegmentCalls): SegmentService {
  return {
    ...own,
    segment: segmentName({ attribute, value }),
    slowRate: rate(own.slow, own.timed),
    slowInterval: intervalOf(own.slow, own.timed),
    failureInterval: intervalOf(own.failed, own.calls),
    slowRateElsewhere: rate(all.slow - own.slow, all.timed - own.timed),
    failureRate: own.failed / Math.max(1, own.calls),
    failureRateElsewhere: rate(all.failed - own.failed, all.calls - own.calls),
  };
}

/** Slow and failed calls beyond those it would have at the rates of all others. */
function beyondOthers(own: SegmentCalls, all: SegmentCalls): number {
  const slow = own.slow - own.timed * (rate(all.slow - own.slow, all.timed - own.timed) ?? 0);
  const failed = own.failed - own.calls * (rate(all.failed - own.failed, all.calls - own.calls) ?? 0);
  return slow + failed;
}
