import { knownStage } from '../domain/known-stage.js';
import type { ModelStage } from '../domain/model.js';
import { BESIDE, type StagedVersion } from './model-rows.js';

/** Stages in which a version gets no traffic of its own any more. */
const AT_REST: ReadonlySet<ModelStage> = new Set(['retired', 'suspended']);

/**
 * Why a version may well be silent, in words; null where it may not. `alive` are the other versions with rows since, the newest first. A
 * champion that somebody chose is never excused, and what was put beside it takes nothing over.
 */
export function silenceExcuse(
  own: string,
  versions: readonly StagedVersion[],
  alive: readonly string[],
): string | null {
  const find = (version: string) => versions.find((known) => known.version === version);
  const stage = knownStage(versions, own);
  if (AT_REST.has(stage)) return `this version is ${stage}`;
  if (stage === 'champion' && (find(own)?.declared ?? true)) return null;
  const successor = alive.find((version) => {
    const { stage: its = 'registered', declared = true } = find(version) ?? {};
    return !BESIDE.has(its) || !declared;
  });
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
