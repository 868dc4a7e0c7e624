import { durationText } from '../domain/duration.js';
import type { Model } from '../domain/model.js';
import { countText, percentText, spanText, utcText } from '../domain/wording.js';
import type { LabelsCame } from '../profiles/unplaced-labels.js';
import { championOf } from '../registry/answering.js';
import type { RegisteredModel } from '../registry/registry.js';
import { enoughLabels, type LabelRhythm } from '../windows/label-rhythm.js';
import { labelStanding, type LabelledVersion, type LabelStanding } from '../windows/label-progress.js';
import { isWeekTaught, LATER } from '../windows/late-labels.js';
import { lateSince } from './learn-rhythms.js';
import type { Stages } from './stages.js';

/** Up to where the labels of the version that answers are judged, and what waits for theirs; null before its first label. */
export function judgedLabelsText(
  stages: Pick<Stages, 'book' | 'incidents'>,
  { model, versions }: Pick<RegisteredModel, 'model' | 'versions'>,
): string | null {
  const labelled = labelledOf(stages, { model, versions });
  if (!labelled) return null;
  const standing = standingText(model, labelStanding(labelled), labelled.rhythm ?? null);
  const law =
    labelled.rhythm && isWeekTaught(labelled.booked)
      ? lawText(labelled.rhythm, lateSince(stages, model.key))
      : unknownText(model);
  return `${standing}; ${law}`;
}

/** What is booked of the version that answers; null where none of its windows has a label. */
function labelledOf(
  { book }: Pick<Stages, 'book'>,
  { model, versions }: Pick<RegisteredModel, 'model' | 'versions'>,
): LabelledVersion | null {
  const version = championOf(versions);
  if (version === null || !book.versions(model.key).includes(version)) return null;
  const labelled = book.labelled(model, version);
  return labelled.booked.firstLabelled === null ? null : labelled;
}

/** Models of this process of whose answering version no window has a label: whether any came is asked of the store. */
export function unlabelledModels({ book, registry, replicas }: Pick<Stages, 'book' | 'registry' | 'replicas'>): readonly string[] {
  return registry
    .models()
    .filter((one) => replicas.holds(one.model.key) && labelledOf({ book }, one) === null)
    .map(({ model }) => model.key);
} // prettier-ignore

/** What came for a model of whose windows none has a label, in words; null where nothing did. Pure. */
export function cameText(came: LabelsCame | null): string | null {
  if (!came || came.labels === 0) return null;
  const { labels, named, isMore } = came;
  const many = `${isMore ? 'more than ' : ''}${countText(labels)} ${labels === 1 ? 'label' : 'labels'} came`;
  const looked = isMore ? `, and of ${countText(labels)} of them` : ', and';
  if (named === 0) return `${many}${looked} none names a prediction: is prediction_id the same in both?`;
  const some = named < labels ? `${looked} ${countText(named)} ${named === 1 ? 'names a prediction' : 'name predictions'}, all` : ', all';
  return `${many}${some} of windows that are not closed yet, or of rows that do not count as the model’s`;
} // prettier-ignore

/** From when on labels are late, by what earlier ones taught; that law stands while they are. Pure. */
export function lawText({ share, lateMs }: LabelRhythm, since: Date | null): string {
  const held = since === null ? '' : `; that stands as it was learnt before ${utcText(since)}, from when on they are late`;
  return `labels are late from an age of ${spanText(LATER * lateMs)} on: ${percentText(share)} of the predictions had theirs, nearly all within ${spanText(lateMs)}${held}`;
} // prettier-ignore

/** Why labels that are late are not told. */
function unknownText({ labels }: Pick<Model, 'labels'>): string {
  return `that labels are late is not judged yet: how long they take is learnt from a week of labels, and from ten windows with 200 of them that ended more than ${durationText(labels.expectedWithin)} ago`;
}

/** The same in words. Pure. */
export function standingText(
  model: Pick<Model, 'labels' | 'window'>,
  { judgedTo, waiting, overtaken, first }: Omit<LabelStanding, 'mark'>,
  rhythm: LabelRhythm | null,
): string {
  const judged =
    judgedTo === null ? 'no window’s labels are judged yet' : `judged up to ${utcText(new Date(judgedTo))}`;
  if (!first) return judged;
  const { from, predictions, labelled } = first;
  const place = `of that of ${utcText(new Date(from))} ${percentText(labelled / Math.max(1, predictions))} of ${countText(predictions)} predictions have one`;
  const closed = `${countText(waiting)} closed ${waiting === 1 ? 'window' : 'windows'}`;
  // it waits for its turn, not for labels
  if (labelled >= enoughLabels(predictions, rhythm))
    return `${judged}; ${closed} ${waiting === 1 ? 'is' : 'are'} still to be judged: ${place}, as many as it needs: it waits for its turn, no more for labels`;
  const needed = Math.min(1, enoughLabels(predictions, rhythm) / Math.max(1, predictions));
  const usual = rhythm ? ` (others have ${percentText(rhythm.share)} in the end)` : '';
  const ages = rhythm ? `, where it has as many as others once it is ${spanText(rhythm.ripeMs)} old,` : '';
  const passed = overtaken > 0 ? `, ${countText(overtaken)} of them overtaken by later ones` : '';
  return `${judged}; ${closed} ${waiting === 1 ? 'waits' : 'wait'} for labels${passed}: ${place}; it is judged at ${percentText(needed)}${usual}${ages} or ${durationText(model.labels.expectedWithin)} after its end`;
}
