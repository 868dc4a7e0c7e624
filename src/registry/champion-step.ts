import type { ModelStage } from '../domain/model.js';

/** Entries of the ledger by which a version became champion. */
export interface Championed {
  readonly first: number;
  readonly last: number;
}

/** A version as far as it is of interest here. */
interface Contender {
  readonly version: string;
  readonly stage: ModelStage;
  /** Null where it never was champion. */
  readonly championed: Championed | null;
}

/** A version as far as it says who came after whom. */
interface Successor extends Contender {
  readonly declared: boolean;
  readonly knownSince: Date;
  readonly answersSince: Date | null;
}

/** It is champion; nobody ever was; it was before the newest champion; it takes over as a new one. */
export type ChampionStep = 'IS' | 'FIRST' | 'ROLL_BACK' | 'PROMOTION';

/**
 * What it means that a version becomes champion. It comes back where it first answered before the version that answered last: to go forth again after
 * that is a promotion like the first time, because the version that was left was left for a reason.
 */
export function championStep(versions: readonly Contender[], version: string): ChampionStep {
  const own = versions.find((one) => one.version === version);
  if (own?.stage === 'champion') return 'IS';
  const former = versions.flatMap(({ championed }) => (championed ? [championed] : []));
  const newest = former.toSorted((a, b) => b.last - a.last)[0];
  if (!newest) return 'FIRST';
  return own?.championed && own.championed.first <= newest.first ? 'ROLL_BACK' : 'PROMOTION';
}

/** Whether the champion that somebody chose came after a version: not one that came back in its place, nor one that merely sends rows. */
export function isSucceeded(versions: readonly Successor[], version: string): boolean {
  const own = versions.find((one) => one.version === version);
  const champion = versions.find(({ stage }) => stage === 'champion');
  if (!own || !champion || champion === own || !champion.declared) return false;
  if (own.championed) return (champion.championed?.first ?? 0) > own.championed.first;
  return champion.answersSince !== null && champion.answersSince > own.knownSince;
}
