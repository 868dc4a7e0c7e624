import { armingWindows } from '../checks/series.js';
import { durationText } from '../domain/duration.js';
import type { Model } from '../domain/model.js';
import { neverArmedRemedy, windowsToLearn } from './learning-end.js';

/** Models whose reference has fewer windows than a series needs, however many rows come: nothing of them would ever be judged. A sentence each, with what to write. */
export function neverArmed(models: readonly Model[]): readonly string[] {
  return models.flatMap((model) => {
    const { key, window } = model;
    const [has, needs] = [windowsToLearn(model), armingWindows(window)];
    if (has >= needs) return [];
    return [
      `model ${key}: its reference has ${has} windows of ${durationText(window)} and ${needs} are needed, so that nothing of it would ever be judged: ${neverArmedRemedy(model)}`,
    ];
  });
}
