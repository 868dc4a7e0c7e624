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

function stepOf({ state, launchedAt, message }: Retraining): string | null {
  if (state === 'accepted') return 'the job has taken it';
  if (state === 'running') return 'the job is at work';
  if (state !== 'requested' || launchedAt !== null) return null;
  const { notBefore, requestedAt } = message;
  return notBefore > requestedAt
    ? `it is sent at ${secondText(new Date(notBefore))} UTC: labels are waited for (labelDelay)`
    : 'it is on its way to the job';
}

function endOf({ state, newVersion }: Retraining): string | null {
  if (state === 'failed') return 'the job gave no reason';
  if (state !== 'succeeded') return null;
  return newVersion === null ? 'the job did not say which version it made' : `it made version ${newVersion}`;
}
