import { secondText } from '../domain/wording.js';
import { ENDED_RANK, RANK, type Promotion, type Retraining } from './retraining.js';
import type { RetrainingStory } from './story.js';

const PROMOTED: Readonly<Record<Promotion['state'], string>> = {
  PROPOSED: 'is better and waits for a yes or no',
  APPROVED: 'takes over',
  DECLINED: 'does not take over',
};

/**
 * What there is to say of a wanted training now, the latest first: whether it helped, what becomes of the version that it made, how the job ended
 * or how far it is, what a person decided, what stops it. Null where nothing was said.
 */
export function lastWord(story: RetrainingStory, run: Retraining | undefined): string | null {
  if (!run) return story.note ?? story.stops.at(-1)?.reason ?? null;
  if (run.verdict !== null) return run.verdict;
  const made = run.newVersion;
  if (made !== null && run.promotion) {
    const { state, note } = run.promotion;
    return `version ${made} ${PROMOTED[state]}${note ? `: ${note}` : ''}`;
  }
  if (run.evaluation) return run.evaluation.reason;
  if (run.unused !== null) return run.unused;
  const isOver = RANK[run.state] >= ENDED_RANK;
  return run.note ?? (isOver ? endOf(run) : stepOf(run)) ?? story.note;
}

function stepOf(run: Retraining): string | null {
  const { state, launchedAt } = run;
  if (state === 'accepted') return 'the job has taken it';
  if (state === 'running') return 'the job is at work';
  if (state !== 'requested') return null;
  return launchedAt === null ? waitOf(run) : 'it was sent, and the job has not answered yet';
}

/** Why a request that was granted is not with its job yet, and until when. */
function waitOf({ trouble, destination, message, sentAt }: Retraining): string {
  if (trouble)
    return `it did not reach ${destination.address} (${trouble.error}); tried again at ${momentText(trouble.nextAt)}`;
  const until = labelsAwaited(message);
  return until !== null && sentAt === null ? `it is sent ${until}` : 'it is on its way to the job';
}

/** When it goes on by itself: a wish that was put off is decided again, a request that was granted is sent; null where that is no matter of time. */
export function goesOnAt(story: RetrainingStory, run: Retraining | undefined): Date | null {
  if (!run) return story.dueAt;
  if (run.state !== 'requested' || run.launchedAt !== null) return null;
  if (run.trouble) return run.trouble.nextAt;
  return labelsAwaited(run.message) !== null && run.sentAt === null ? new Date(run.message.notBefore) : null;
}

/** Until when a request waits for the labels of its newest rows, in words; null where it does not. */
export function labelsAwaited({ notBefore, requestedAt }: Retraining['message']): string | null {
  if (notBefore <= requestedAt) return null;
  return `at ${momentText(new Date(notBefore))}, when the newest rows have had their time to get labels (labelDelay)`;
}

function momentText(at: Date): string {
  return `${secondText(at)} UTC`;
}

function endOf({ state, newVersion }: Retraining): string | null {
  if (state === 'failed') return 'the job gave no reason';
  if (state !== 'succeeded') return null;
  return newVersion === null ? 'the job did not say which version it made' : `it made version ${newVersion}`;
}
