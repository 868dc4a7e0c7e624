import { ON_TRIAL } from '../domain/model.js';
import type { ModelVersion } from './version-entries.js';

/**
 * Versions on trial beside those that answer: they are asked what others were asked as well, so that their rows are copies. Where none answers, or
 * none but such as were announced and have sent no row yet, the model is what is on trial, and nothing stands beside it.
 */
export function besideThoseThatAnswer(
  versions: readonly Pick<ModelVersion, 'version' | 'stage' | 'firstSeenAt'>[],
): readonly string[] {
  const onTrial = versions.filter(({ stage }) => ON_TRIAL.has(stage));
  const isAnswered = versions.some(({ stage, firstSeenAt }) => !ON_TRIAL.has(stage) && firstSeenAt !== null);
  return isAnswered ? onTrial.map(({ version }) => version) : [];
}
