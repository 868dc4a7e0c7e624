import { compareVersions, type Comparison, type ComparedStretch } from '../checks/compare-versions.js';
import { knownStage } from '../domain/known-stage.js';
import { ON_TRIAL, type Model } from '../domain/model.js';
import { NO_ANSWERS } from '../domain/outcome.js';
import type { TrafficShare, VersionComparison } from '../domain/version-comparison.js';
import { groupBy } from '../domain/group-by.js';
import { segmentName, type SegmentName } from '../domain/segment-rule.js';
import { watchedSegments } from '../profiles/outcomes.js';
import { readPairs } from '../profiles/version-pairs.js';
import { heldAgainst, type RegisteredModel } from '../registry/registry.js';
import { readOutcomes } from './known-outcomes.js';
import { longestSpan } from './performance.js';
import type { Stages } from './stages.js';

/** Two versions to be held against each other, and the stretch of event time. */
export interface AskedComparison {
  readonly own: string;
  readonly other: string;
  /** Null: the stretch in which both have answers, up to its newest four hundred days. What is named beyond it is left out. */
  readonly since: Date | null;
  readonly until: Date | null;
}

/** How two versions did on the stretch in which both answered, and what to do about it. Rows of both are read, a million at the most. */
export async function readComparison(
  stages: Pick<Stages, 'database' | 'outcomes' | 'references'>,
  registered: RegisteredModel,
  asked: AskedComparison,
): Promise<VersionComparison> {
  const { model } = registered;
  const { database, outcomes, references } = stages;
  const stretch = await commonStretch(stages, model, asked);
  if (!stretch) return compareVersions(model, neverTogether(asked), isAnswering(registered, asked));
  const { from, to } = stretch;
  const widthMs = Math.max(1000, to.getTime() - from.getTime());
  const of = async (version: string) => {
    const known = await readOutcomes(
      outcomes,
      { model, segment: null, byRequest: true },
      { version, from, to, widthMs },
    );
    return { version, outcome: known.together ?? NO_ANSWERS };
  };
  const segments = await segmentsOf(references, registered, asked);
  const span = { model, own: asked.own, other: asked.other, from, to };
  const [own, other, pairs, share] = await Promise.all([
    of(asked.own),
    of(asked.other),
    readPairs(database, span, segments),
    shareOf(stages, registered, asked.own, stretch),
  ]);
  return compareVersions(model, { stretch, own, other, pairs, share }, isAnswering(registered, asked));
}

function isAnswering({ versions }: RegisteredModel, { own }: AskedComparison): boolean {
  return versions.find(({ version }) => version === own)?.stage === 'champion';
}

function neverTogether({ own, other }: AskedComparison): Comparison {
  const without = (version: string) => ({ version, outcome: NO_ANSWERS });
  const share = { answered: 0, traffic: 0 };
  return { stretch: null, own: without(own), other: without(other), pairs: new Map(), share };
}

/** Requests of a stretch that a version answered, or answered beside, of those that were answered for the model. */
async function shareOf(
  { database }: Pick<Stages, 'database'>,
  { model, versions }: RegisteredModel,
  own: string,
  { from, to }: ComparedStretch,
): Promise<TrafficShare> {
  const found = await database.query<{ version: string; answered: number }>(
    `SELECT version, toFloat64(sum(answered)) AS answered FROM outcomes_1m FINAL
     WHERE model = {model:String} AND attribute = '' AND minute >= fromUnixTimestamp({from:Int64}) AND minute < fromUnixTimestamp({to:Int64}) GROUP BY version`,
    {
      params: {
        model: model.key,
        from: Math.floor(from.getTime() / 1000),
        to: Math.ceil(to.getTime() / 1000),
      },
    },
  );
  const sum = (isCounted: (version: string) => boolean) =>
    found.reduce((all, one) => all + (isCounted(one.version) ? one.answered : 0), 0);
  return {
    answered: sum((version) => version === own),
    traffic: sum((version) => !ON_TRIAL.has(knownStage(versions, version))),
  };
}

/** Segments that the reference of either watches: they may have one each. */
async function segmentsOf(
  references: Stages['references'],
  registered: RegisteredModel,
  { own, other }: AskedComparison,
): Promise<readonly SegmentName[]> {
  const of = async (version: string) =>
    watchedSegments(await references.usableOf(heldAgainst(registered, version)));
  const all = [...(await of(own)), ...(await of(other))];
  return [...groupBy(all, segmentName).values()].flatMap(([first]) => (first ? [first] : []));
}

/** The stretch in which both have answers, in whole minutes; null where there is none, or none within what is asked. */
async function commonStretch(
  { database }: Pick<Stages, 'database'>,
  model: Model,
  { own, other, since, until }: AskedComparison,
): Promise<ComparedStretch | null> {
  const found = await database.query<{ from: number; to: number }>(
    `SELECT version, toUnixTimestamp(min(minute)) * 1000 AS from, (toUnixTimestamp(max(minute)) + 60) * 1000 AS to FROM outcomes_1m
     WHERE model = {model:String} AND version IN ({own:String}, {other:String}) AND attribute = '' AND answered > 0 GROUP BY version`,
    { params: { model: model.key, own, other } },
  );
  if (found.length < 2) return null;
  const to = Math.min(until?.getTime() ?? Infinity, ...found.map((one) => one.to));
  const begun = Math.max(since?.getTime() ?? -Infinity, ...found.map((one) => one.from));
  const from = Math.max(begun, to - longestSpan(model));
  return from < to ? { from: new Date(from), to: new Date(to) } : null;
}
