import { compareVersions } from '../checks/compare-versions.js';
import type { Model } from '../domain/model.js';
import { NO_ANSWERS } from '../domain/outcome.js';
import type { VersionComparison } from '../domain/version-comparison.js';
import { watchedSegments } from '../profiles/outcomes.js';
import { readPairs } from '../profiles/version-pairs.js';
import { heldAgainst, type RegisteredModel } from '../registry/registry.js';
import { longestSpan } from './performance.js';
import type { Stages } from './stages.js';

/** Two versions to be held against each other, and the stretch of event time. */
export interface AskedComparison {
  readonly own: string;
  readonly other: string;
  /** Null: the stretch in which the first has answers, up to its newest four hundred days. */
  readonly since: Date | null;
  readonly until: Date | null;
}

/** How two versions did on the same stretch, and what to do about it. Rows of both are read, a million at the most. */
export async function readComparison(
  stages: Pick<Stages, 'database' | 'outcomes' | 'references'>,
  registered: RegisteredModel,
  asked: AskedComparison,
): Promise<VersionComparison> {
  const { model, versions } = registered;
  const { database, outcomes, references } = stages;
  const { from, to } = await stretchOf(stages, model, asked);
  const widthMs = Math.max(1000, to.getTime() - from.getTime());
  const of = async (version: string) => {
    const found = await outcomes.windows(model, { version, from, to, widthMs }, null);
    return { version, outcome: [...found.values()][0] ?? NO_ANSWERS };
  };
  const segments = watchedSegments(await references.baselineOf(heldAgainst(registered, asked.own)));
  const span = { model, own: asked.own, other: asked.other, from, to };
  const [own, other, pairs] = await Promise.all([
    of(asked.own),
    of(asked.other),
    readPairs(database, span, segments),
  ]);
  const stage = versions.find(({ version }) => version === asked.own)?.stage;
  return compareVersions(model, { own, other, pairs }, stage === 'champion');
}

/** Whole minutes. */
async function stretchOf(
  { database }: Pick<Stages, 'database'>,
  model: Model,
  { own, since, until }: AskedComparison,
): Promise<{ readonly from: Date; readonly to: Date }> {
  const [found] = await database.query<{ from: number; to: number }>(
    `SELECT toUnixTimestamp(min(minute)) * 1000 AS from, (toUnixTimestamp(max(minute)) + 60) * 1000 AS to FROM outcomes_1m
     WHERE model = {model:String} AND version = {version:String} AND attribute = '' AND answered > 0`,
    { params: { model: model.key, version: own } },
  );
  const to = until ?? new Date(found?.to ?? 0);
  const from = since ?? new Date(found?.from ?? 0);
  return { from: new Date(Math.max(from.getTime(), to.getTime() - longestSpan(model))), to };
}
