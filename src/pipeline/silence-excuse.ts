import type { ModelStage } from '../domain/model.js';
import { BESIDE } from './model-rows.js';

export interface StagedVersion {
  readonly version: string;
  readonly stage: ModelStage;
}

/** Stages in which a version gets no traffic of its own any more. */
const AT_REST: ReadonlySet<ModelStage> = new Set(['retired', 'suspended']);

/**
 * Why a version may well be silent, in words; null where it may not. `alive` are the other versions with rows since, the newest first. A
 * champion is never excused, and what runs in its shadow takes nothing over.
 */
export function silenceExcuse(
  own: string,
  versions: readonly StagedVersion[],
  alive: readonly string[],
): string | null {
  const stageOf = (version: string) =>
    versions.find((known) => known.version === version)?.stage ?? 'registered';
  const stage = stageOf(own);
  if (AT_REST.has(stage)) return `this version is ${stage}`;
  if (stage === 'champion') return null;
  const successor = alive.find((version) => !BESIDE.has(stageOf(version)));
  return successor === undefined ? null : `version ${successor} has taken over`;
}

/**
 * Why a silent version is not expected back, in words; null where it is. It was retired, or one of `successors`, which began later and have
 * rows since, has taken over. One that is suspended may come back, and one that older versions stand in for has merely failed.
 */
export function replacement(
  own: string,
  versions: readonly StagedVersion[],
  successors: readonly string[],
): string | null {
  const suspended = versions.some(({ version, stage }) => version === own && stage === 'suspended');
  return suspended ? null : silenceExcuse(own, versions, successors);
}
