import type { ModelStage } from './model.js';

/** A version and what it is. */
interface Staged {
  readonly version: string;
  readonly stage: ModelStage;
}

/** What a version is: one that nobody has heard of is registered, and no more. */
export function knownStage(versions: readonly Staged[] | undefined, version: string): ModelStage {
  return versions?.find((one) => one.version === version)?.stage ?? 'registered';
}
