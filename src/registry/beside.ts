import { ON_TRIAL } from '../domain/model.js';
import type { ModelVersion } from './version-entries.js';

type Known = Pick<ModelVersion, 'version' | 'stage' | 'firstSeenAt' | 'declared'>;

/** On trial, or put beside the champion by a person. A challenger that nobody announced answered by itself until another took over. */
function isBeside({ stage, declared }: Known): boolean {
  return ON_TRIAL.has(stage) || (stage === 'challenger' && declared);
}

/**
 * Versions on trial beside those that answer: they are asked what others were asked as well, so that their rows are copies. Where none answers, or
 * none but such as were announced and have sent no row yet, the model is what is on trial, and nothing stands beside it.
 */
export function besideThoseThatAnswer(versions: readonly Known[]): readonly string[] {
  const beside = versions.filter(isBeside);
  const isAnswered = versions.some((one) => !isBeside(one) && one.firstSeenAt !== null);
  return isAnswered ? beside.map(({ version }) => version) : [];
}
