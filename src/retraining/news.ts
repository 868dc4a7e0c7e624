import type { RetrainMessage } from '../domain/retrain-message.js';
import type { TrainingEnd } from '../domain/training-notice.js';
import type { Retraining } from './retraining.js';
import type { Retrainings } from './retrainings.js';
import type { RetrainingStory } from './story.js';

/** A wanted training that did not come about. */
export interface RetrainingNews {
  readonly id: string;
  readonly model: string;
  /** Empty where there was no run. */
  readonly version: string;
  readonly cause: RetrainMessage['cause'];
  readonly end: TrainingEnd;
  readonly at: Date;
  readonly reason: string;
}

const DAY_MS = 86_400_000;
/** Nobody set anything up, or the same problem is being trained for: then nothing failed. */
const NO_NEWS: ReadonlySet<string> = new Set(['not_configured', 'in_flight']);

/** The trainings that were refused for good, failed (also before they were launched) or timed out within the last day. */
export function retrainingNews(state: Retrainings, now: Date): readonly RetrainingNews[] {
  return state.history().flatMap((story) => {
    const news = newsOf(story, state.find(story.id));
    return news && now.getTime() - news.at.getTime() < DAY_MS ? [news] : [];
  });
}

function newsOf(story: RetrainingStory, run: Retraining | undefined): RetrainingNews | null {
  const { id, model, cause } = story;
  if (run) {
    const { state: end, finishedAt: at, note, message } = run;
    if ((end !== 'failed' && end !== 'timed_out') || at === null) return null;
    return { id, model, version: message.version, cause, end, at, reason: note ?? 'the job gave no reason' };
  }
  const stop = story.stops.at(-1);
  if (story.outcome !== 'refused' || !stop || NO_NEWS.has(stop.guard)) return null;
  return { id, model, version: '', cause, end: 'refused', at: stop.at, reason: stop.reason };
}
