import type { ModelStage } from '../domain/model.js';

/** Where a model version may go next. A retired version stays retired: its numbers are evidence, and a new version is cheap. */
const NEXT: Readonly<Record<ModelStage, readonly ModelStage[]>> = {
  registered: ['shadow', 'canary', 'challenger', 'champion', 'retired', 'suspended'],
  shadow: ['canary', 'challenger', 'champion', 'retired', 'suspended'],
  canary: ['shadow', 'challenger', 'champion', 'retired', 'suspended'],
  challenger: ['shadow', 'canary', 'champion', 'retired', 'suspended'],
  champion: ['challenger', 'retired', 'suspended'],
  suspended: ['shadow', 'canary', 'challenger', 'champion', 'retired'],
  retired: [],
};

/** The stages a version in `stage` may move to. */
export function nextStages(stage: ModelStage): readonly ModelStage[] {
  return NEXT[stage];
}
