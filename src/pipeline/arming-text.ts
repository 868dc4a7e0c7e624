import { armingWindows } from '../checks/series.js';
import { durationText } from '../domain/duration.js';
import type { Model } from '../domain/model.js';
import { neverArmedRemedy, windowsToLearn } from './learning-end.js';

/** What the window and the period of learning mean until something can alert, as a person reads it when the model is registered. */
export function armingText(model: Model): string {
  const arming = armingWindows(model.window);
  const needed = `a series is armed by ${arming} windows of ${durationText(model.window)} with rows`;
  const { baseline } = model;
  if (!baseline) return `no reference is named, so nothing will be judged; ${needed}`;
  if ('file' in baseline)
    return `judged at once where the reference file has event times, else effect sizes only; ${needed}`;
  const windows = windowsToLearn(model);
  if (windows < arming)
    return `never armed: the reference has ${windows} windows at the most; ${needed}: ${neverArmedRemedy(model)}`;
  return 'learn' in baseline
    ? `armed after ${durationText(windows * model.window)} of rows, from the first whole window on; ${needed}`
    : `armed when the period is over; ${needed}`;
}
