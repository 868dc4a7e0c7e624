import { referenceTime } from '../checks/reference-time.js';
import { armingWindows } from '../checks/series.js';
import type { Baseline, WholeBaseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import { utcSpanText, utcText } from '../domain/wording.js';
import { knownLabels } from '../profiles/known-labels.js';
import { pinLabels, type LabelledPeriod } from '../profiles/pin-labels.js';
import { besideThoseThatAnswer } from '../registry/beside.js';
import { heldAgainst, type RegisteredModel } from '../registry/registry.js';
import type { LabelProgress } from '../windows/label-progress.js';
import type { Reference } from './reference.js';
import { termsOf } from './reference-terms.js';
import type { LearningParts, Stages } from './stages.js';

const DAY = 86_400_000;
const LEAST_DAYS = 14;

/** Where the learning of performance stands of a reference that was frozen before its labels came. */
export interface LabelLearning {
  /** What it is learnt from; null before the first label. */
  readonly period: LabelledPeriod | null;
  /** Until when labels are in. */
  readonly inTo: Date;
  readonly isDue: boolean;
}

/**
 * Where it stands; null where performance is learnt, or can have no value. It is learnt from the time of the reference, or from as long a time
 * after the first label that came, once the labels of that time are in: whether they are good or bad must not depend on how fast they come.
 */
function labelLearning(model: Model, reference: Reference, progress: LabelProgress): LabelLearning | null {
  const { baseline, fitted } = reference;
  if (!baseline || !fitted || !termsOf(baseline, fitted).awaitsLabels) return null;
  const inTo = new Date(progress.inTo);
  if (progress.first === null) return { period: null, inTo, isDue: false };
  const since = Math.max(progress.first, baseline.windows[0]?.from.getTime() ?? -Infinity);
  const until = new Date(since + spanOf(baseline, model));
  return { period: { since: new Date(since), until }, inTo, isDue: inTo >= until };
}

/** The same of a running service. A time whose labels taught nothing is passed over: what is learnt begins after it. */
export function labelLearningOf(
  { book, references }: Pick<Stages, 'book' | 'references'>,
  model: Model,
  reference: Reference,
): LabelLearning | null {
  const progress = book.labelProgress(model);
  const barren = reference.baseline && references.barrenUntil(reference.baseline.id);
  const first =
    progress.first === null || !barren ? progress.first : Math.max(progress.first, barren.getTime());
  return labelLearning(model, reference, { ...progress, first });
}

/** The same for a person; `came`: what came of labels that are of no window, null where nothing did. */
export function learningText({ period, inTo, isDue }: LabelLearning, came: string | null): string {
  if (!period) return `performance is learnt when labels are there: ${came ?? 'none has come yet'}`;
  const span = `the labels of ${utcSpanText(period.since, period.until)}`;
  return isDue
    ? `performance is being learnt from ${span}, which are in`
    : `performance will be learnt from ${span} once they are in: they are known to be up to ${utcText(inTo)}`;
}

/** As long as the reference, or as it takes to arm a series, with two weeks of seasons. */
function spanOf(baseline: Baseline, { window }: Model): number {
  const time = referenceTime(baseline);
  if (time) return time.until - time.since;
  return Math.max(LEAST_DAYS * DAY, armingWindows(window) * window);
}

/** Whether performance waits to be learnt now: windows are held against it afterwards and not before. */
export function areLabelsDue(
  stages: Pick<Stages, 'book' | 'references'>,
  { model }: RegisteredModel,
  reference: Reference,
): boolean {
  return labelLearningOf(stages, model, reference)?.isDue ?? false;
}

/** Learns performance where it is due, and puts it in force beside the reference. */
export async function learnLabels(
  stages: LearningParts & Pick<Stages, 'book'>,
  registered: RegisteredModel,
): Promise<void> {
  const { model } = registered;
  if (stages.references.terms(registered)?.awaitsLabels === false) return;
  if (stages.book.labelProgress(model).first === null) return;
  const reference = stages.references.ready(registered);
  const learning = reference && labelLearningOf(stages, model, reference);
  if (!learning?.isDue || !learning.period || !reference?.baseline) return;
  const of = registered.baseline?.version ?? null;
  const period = of === null ? learning.period : { ...learning.period, version: of };
  const ground = { baseline: reference.baseline, period };
  const isLearnt = await stages.references.freeze(model.key, async () => freezeLabels(stages, model, ground));
  if (isLearnt)
    stages.log.info('performance is learnt: labels came after the baseline was pinned', { model: model.key });
}

interface Ground {
  readonly baseline: Baseline;
  readonly period: LabelledPeriod;
}

async function freezeLabels(
  stages: LearningParts,
  model: Model,
  { baseline, period }: Ground,
): Promise<boolean> {
  const labels = await labelsOf(stages, model, { baseline, period });
  if (labels.rows === 0) {
    stages.references.taughtNothing(baseline.id, period.until);
    stages.log.warn('performance is not learnt: no row of its time that counts has a label', {
      model: model.key,
      ...period,
    });
    return false;
  }
  await stages.baselines.save(labels);
  await stages.ledger.transact((now) => {
    stages.replicas.demand(model.key);
    const { id, fingerprint, rows: labelled } = labels;
    return stages.registry.labelsLearnt(
      model.key,
      baseline.id,
      { id, fingerprint, labelled, since: period.since, until: period.until },
      now,
    );
  });
  await judgeNewLabels(stages, model, period);
  return true;
}

/** What labels say of the rows that answered or, where nobody else answered at that time, of those that were on trial: they were the model. */
async function labelsOf(
  { database, registry, clock }: Pick<Stages, 'clock' | 'database' | 'registry'>,
  model: Model,
  { baseline, period }: Ground,
): Promise<WholeBaseline> {
  const onTrial = besideThoseThatAnswer(registry.load(model.key).versions);
  const pin = { period, now: clock.now() };
  const answered = await pinLabels(database, model, baseline, { ...pin, onTrial });
  if (answered.rows > 0 || onTrial.length === 0) return answered;
  return pinLabels(database, model, baseline, { ...pin, onTrial: [] });
}

/** Which classes are new is known only now. */
async function judgeNewLabels(
  stages: Pick<Stages, 'database' | 'profiles' | 'references' | 'registry'>,
  model: Model,
  period: LabelledPeriod,
): Promise<void> {
  const own = period.version ?? null;
  const learnt = await stages.references.baselineOf(heldAgainst(stages.registry.load(model.key), own));
  if (!learnt || knownLabels(model, learnt) === null) return;
  const after = await minutesAfter(stages, model, period.until);
  for (const { version, minutes } of after.filter((one) => own === null || one.version === own))
    await stages.profiles.rejudge(model, learnt, version, minutes);
}

async function minutesAfter(
  { database }: Pick<Stages, 'database'>,
  model: Model,
  until: Date,
): Promise<readonly { readonly version: string; readonly minutes: readonly number[] }[]> {
  return database.query(
    `SELECT version, arraySort(groupUniqArray(toUnixTimestamp(minute))) AS minutes FROM performance_1m
     WHERE model = {model:String} AND labelled > 0 AND minute >= fromUnixTimestamp({until:Int64}) GROUP BY version`,
    { params: { model: model.key, until: until.getTime() / 1000 } },
  );
}
