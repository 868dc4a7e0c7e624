import { delaysOf, ripeAge } from '../checks/delay-correction.js';
import type { Model } from '../domain/model.js';
import type { RegisteredModel } from '../registry/registry.js';
import { rhythmOf, type LabelRhythm } from '../windows/label-rhythm.js';
import { windowStart } from '../windows/window.js';
import type { Stages } from './stages.js';

const DAY = 86_400_000;
/** Windows from which it is learnt how labels come: so many, of no more days, before the first whose labels may still come. */
const TAUGHT_WINDOWS = 720;
const TAUGHT_DAYS = 30;
/** Versions that are asked about in one beat; the others have their turn in the next, and wait as long. */
const ASKED_IN_A_BEAT = 20;
/** The labels of a class take as long as those of so many rows say, be the class a rare one. */
const LEAST_OF_CLASS = 20;
/** Where so large a part of the labels of every class has come, what is missing bends no metric. */
const PART_OF_CLASS = 0.95;
/** Answers of weekends may be one in a hundred, and have their labels days later than others. */
const PRACTICALLY_ALL = 0.998;

/**
 * Learns how the labels of versions come, where it is time to ask. Two queries a version and day. While labels of a model are told to be late, windows of before teach it: what is late
 * does not become what is usual, be the process started anew.
 */
export async function learnRhythms(
  stages: Pick<Stages, 'log' | 'outcomes' | 'book' | 'windows' | 'incidents'>,
  models: readonly RegisteredModel[],
): Promise<void> {
  const { book } = stages;
  let left = ASKED_IN_A_BEAT;
  for (const { model } of models) {
    const late = lateSince(stages, model.key)?.getTime() ?? Infinity;
    for (const version of book.versions(model.key)) {
      if (left === 0) return;
      const { watermark, booked } = book.labelled(model, version);
      if (!book.rhythms.isDue(model.key, version, watermark, model.window)) continue;
      const until = windowStart(Math.min(late, watermark - model.labels.expectedWithin), model.window);
      const teaches = booked.firstLabelled !== null && booked.firstLabelled < until;
      left -= Number(teaches);
      const known = teaches ? await rhythmBefore(stages, model, { version, until }) : null;
      book.rhythms.learn(model.key, version, { known, askedTo: watermark });
    }
  }
}

/** Since when labels of a model are told to be late, in event time; null while they are not. */
export function lateSince({ incidents }: Pick<Stages, 'incidents'>, model: string): Date | null {
  return incidents.active(model, '').find(({ signal }) => signal.check === 'label_delay')?.since ?? null;
}

/** Null where that cannot be read: windows wait then as they do before it is known. */
async function rhythmBefore(
  stages: Pick<Stages, 'log' | 'outcomes' | 'windows'>,
  model: Model,
  asked: Parameters<typeof readRhythm>[2],
): Promise<LabelRhythm | null> {
  try {
    return await readRhythm(stages, model, asked);
  } catch (error) {
    stages.log.warn('how labels of a model come could not be read', {
      model: model.key,
      reason: String(error),
    });
    return null;
  }
}

/** The same of windows that end by `until`, epoch ms. */
async function readRhythm(
  { windows, outcomes }: Pick<Stages, 'outcomes' | 'windows'>,
  model: Model,
  { version, until }: { readonly version: string; readonly until: number },
): Promise<LabelRhythm | null> {
  const from = windowStart(until - Math.min(TAUGHT_DAYS * DAY, TAUGHT_WINDOWS * model.window), model.window);
  const days = { version, from: new Date(from), to: new Date(until), widthMs: DAY };
  const [counted, came] = await Promise.all([
    windows.counts(model.key, version, from, until, model.window),
    outcomes.delays(model, days, null),
  ]);
  const sums: Record<string, number> = {};
  for (const { delays } of came)
    for (const [place, count] of Object.entries(delays)) sums[place] = (sums[place] ?? 0) + count;
  const delays = delaysOf(sums, LEAST_OF_CLASS);
  const ages = delays && { ripeMs: ripeAge(delays, PART_OF_CLASS), lateMs: ripeAge(delays, PRACTICALLY_ALL) };
  return rhythmOf(counted, ages);
}
