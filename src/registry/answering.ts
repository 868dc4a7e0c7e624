import { ON_TRIAL } from '../domain/model.js';
import type { ModelVersion } from './version-entries.js';

/** The version that answers for the model; null while there is none. */
export function championOf(versions: readonly Pick<ModelVersion, 'version' | 'stage'>[]): string | null {
  return versions.find(({ stage }) => stage === 'champion')?.version ?? null;
}

/** When a version first answered: with its first row, or when it was let answer after that; null while it has no row, whatever was announced. */
export function answeredSince({
  answersSince,
  firstSeenAt,
}: Pick<ModelVersion, 'answersSince' | 'firstSeenAt'>): Date | null {
  if (answersSince === null || firstSeenAt === null) return null;
  return firstSeenAt > answersSince ? firstSeenAt : answersSince;
}

/** Whether a version stands beside the one that answers, whose answers the labels name. */
export function isBeside(
  versions: readonly Pick<ModelVersion, 'version' | 'stage'>[],
  version: string,
): boolean {
  const champion = championOf(versions);
  return champion !== null && champion !== version;
}

/** The version that a training is asked for: the one that answers or, while none does, the newest; null where there is none. */
export function versionToTrain(versions: readonly Pick<ModelVersion, 'version' | 'stage'>[]): string | null {
  return championOf(versions) ?? versions.at(-1)?.version ?? null;
}

/** Whom a version is held against: who answers now or, of the one that does, who did before; null where there is nobody. */
export function rivalOf(versions: readonly ModelVersion[], own: string): ModelVersion | null {
  const others = versions.filter(({ version }) => version !== own);
  const champion = others.find(({ stage }) => stage === 'champion');
  const isRival = ({ stage, answersSince }: ModelVersion) =>
    answersSince !== null && !ON_TRIAL.has(stage) && stage !== 'retired';
  const isChampion = championOf(versions) === own;
  return (isChampion ? others.findLast(isRival) : champion) ?? null;
}
