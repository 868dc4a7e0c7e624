import { realisedCost, type MeanCost } from '../checks/cost-metrics.js';
import { correctedMetrics, ripeAge } from '../checks/delay-correction.js';
import { asPart } from '../checks/metric-interval.js';
import type { ExtraCost } from '../domain/extra-cost.js';
import type { Model } from '../domain/model.js';
import { NO_ANSWERS } from '../domain/outcome.js';
import type { SegmentName } from '../domain/segment-rule.js';
import { inOneWindow } from '../profiles/merge-minutes.js';
import type { Outcomes } from '../profiles/outcomes.js';
import { recoveredInterval } from '../stats/recovered-variance.js';
import { partOf, readDelays, type HeardLabels } from './corrected-performance.js';
import { longestSpan, type PerformanceSources } from './performance.js';
import { readUsualCost } from './usual-cost.js';

/** Whose answers, and which of them. */
export interface Billed {
  readonly model: Model;
  readonly version: string;
  readonly segment: SegmentName | null;
  readonly since: Date;
  readonly until: Date;
  /** Up to when labels have come. */
  readonly now: Date;
}

/** Where so large a part of the labels has come, the rest bends nothing. */
const WHOLE = 0.99;

/**
 * The cost of answers at the rate of those with labels, less the rate of the reference, by its labels as they come. Where labels of one class come sooner than those of another and some are still to come, each stands for
 * all of its class and age. Null where it cannot be said: no costs, no rate of the reference for these rows, or labels missing of which nobody knows how they come. Two queries to five.
 */
export async function readExtraCost(
  { outcomes, baseline }: PerformanceSources,
  asked: Billed,
): Promise<ExtraCost | null> {
  const { model, until } = asked;
  if (!model.costs || !baseline || until <= asked.since) return null;
  const since = new Date(Math.max(asked.since.getTime(), until.getTime() - longestSpan(model)));
  const usual = await readUsualCost({ outcomes, baseline }, asked);
  const found = usual && (await readRate(outcomes, { ...asked, since }));
  if (!found || !Number.isFinite(found.mean - usual.mean)) return null;
  const { answers, labelled, basis, mean } = found;
  const parts = [asPart({ ...found, value: mean }, answers), asPart({ ...usual, value: usual.mean }, -answers)].filter((part) => part !== null);
  if (parts.length < 2) return null;
  const { lower: low, upper: high } = recoveredInterval(parts);
  return { currency: model.costs.currency, since, until, total: answers * (mean - usual.mean), low, high, answers, labelled, basis };
} // prettier-ignore

interface Rate extends Pick<MeanCost, 'mean' | 'low' | 'high'>, Pick<ExtraCost, 'answers' | 'labelled' | 'basis'> {} // prettier-ignore

/** What an answer of a stretch costs. */
async function readRate(outcomes: Outcomes, asked: Billed): Promise<Rate | null> {
  const { model, version, segment, since, until } = asked;
  const stretch = { version, from: since, to: until };
  const [whole = NO_ANSWERS] = (await outcomes.windows(model, inOneWindow(stretch), segment)).values();
  const { answered: answers, labelled } = whole;
  const counted = { answers, labelled, basis: 'REALISED' as const };
  const realised = realisedCost(model, whole);
  const plain = realised && { ...counted, ...realised };
  if (model.task === 'regression' || labelled >= WHOLE * answers) return plain;
  const heard = await readDelays(outcomes, asked, { version, until: until.getTime() });
  if (isDue(model, asked, heard)) return plain;
  return heard.delays && weighted(outcomes, asked, { ...heard, delays: heard.delays }, counted);
}

/** Whether what has not come by now does not come any more. */
function isDue({ labels }: Model, { until }: Billed, { delays, heardUntil }: HeardLabels): boolean {
  const ripe = delays ? Math.min(labels.expectedWithin, ripeAge(delays)) : labels.expectedWithin;
  return heardUntil - until.getTime() >= ripe;
}

async function weighted(
  outcomes: Outcomes,
  { model, version, segment, since, until }: Billed,
  { delays, heardUntil }: HeardLabels & { readonly delays: NonNullable<HeardLabels['delays']> },
  counted: Pick<Rate, 'answers' | 'labelled'>,
): Promise<Rate | null> {
  const widthMs = partOf(model.window, delays);
  const parts = await outcomes.windows(model, { version, from: since, to: until, widthMs }, segment);
  const aged = [...parts].map(([at, outcome]) => ({ ageMs: heardUntil - at * 1000 - widthMs / 2, outcome }));
  const cost = correctedMetrics(model, aged, delays).find(({ metric }) => metric === 'cost_per_answer');
  if (!cost || cost.value === null) return null;
  return { ...counted, basis: 'CORRECTED', mean: cost.value, low: cost.low, high: cost.high };
} // prettier-ignore
