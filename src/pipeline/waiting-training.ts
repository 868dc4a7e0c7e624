import type { RetrainingStory } from '../retraining/story.js';
import type { Stages } from './stages.js';

/** The training of a case, or the promotion of what it made, that waits for a yes or no; undefined where nothing does. */
export function waitingTraining(
  { retrainings }: Pick<Stages, 'retrainings'>,
  model: string,
  caseId: string,
): RetrainingStory | undefined {
  return retrainings
    .history(model)
    .filter(({ cause }) => cause.caseId === caseId)
    .find(
      ({ id, outcome }) => outcome === 'proposed' || retrainings.find(id)?.promotion?.state === 'PROPOSED',
    );
}
