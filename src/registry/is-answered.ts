import { ANSWERING, type ModelStage } from '../domain/model.js';
import type { Championed } from './champion-step.js';

/** A version as far as it says whether it answers. */
interface Answerer {
  readonly stage: ModelStage;
  /** Arrival of its first row; null for a version that has none yet. */
  readonly firstSeenAt: Date | null;
  /** Null where it never was champion. */
  readonly championed: Championed | null;
}

/**
 * Whether somebody answers for the model: its champion, announced or with rows; or, where a champion was put aside, who still sends rows. A canary or a
 * challenger stands beside a champion: alone, announced or not, it leaves its place to whoever nobody announced.
 */
export function isAnswered(versions: readonly Answerer[]): boolean {
  if (versions.some(({ stage }) => stage === 'champion')) return true;
  const hadChampion = versions.some(({ championed }) => championed !== null);
  return hadChampion && versions.some((one) => one.firstSeenAt !== null && ANSWERING.has(one.stage));
}
